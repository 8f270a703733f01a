import { execFileSync } from 'node:child_process';
import { readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { expect, test } from '@playwright/test';
import { newOrganizationWithDirectory } from './support/dashboard';
import { newSdk, ORIGIN } from './support/operator';
import { newFolder } from './support/server';

const ROOT = path.dirname(import.meta.dirname);

/** The fenced blocks of a document whose info string is `info`, in order. */
function readBlocks(file: string, info: string): string[] {
  const text = readFileSync(path.join(ROOT, file), 'utf8');
  return [...text.matchAll(/^( *)```(.*)\n([\s\S]*?)^\1```$/gm)]
    .filter(([, , given]) => given === info)
    .map(([, margin = '', , code = '']) => code.replaceAll(new RegExp(`^${margin}`, 'gm'), ''));
}

/** What a shell prints for a script, line by line; a command that fails ends it with an error. */
function runShell(script: string, env: Record<string, string> = {}): string[] {
  const output = execFileSync('sh', ['-euc', script], {
    env: { ...process.env, FORCE_COLOR: '0', BASE: ORIGIN, ...env },
  });
  return output.toString().trim().split('\n');
}

/** What a program of a document prints, as JSON. */
function runModule(code: string): unknown {
  const folder = newFolder();
  symlinkSync(path.join(ROOT, 'node_modules'), path.join(folder, 'node_modules'));
  const file = path.join(folder, 'program.mjs');
  writeFileSync(file, code);
  const env = { ...process.env, SCALEKIT_ENVIRONMENT_URL: ORIGIN };
  return JSON.parse(execFileSync(process.execPath, [file], { env }).toString()) as unknown;
}

test('"From zero to a provisioned customer" does what it says, command by command', async () => {
  const blocks = readBlocks('docs/operators.md', 'sh run');
  expect(blocks.length).toBeGreaterThan(6);
  const printed = runShell(blocks.join('\n'));
  const text = printed.join('\n');
  expect(text).toContain("name: 'dir_sync', enabled: true");
  expect(text).toContain(`${ORIGIN}/magicLink/`);
  expect(text).toContain(`${ORIGIN}/scim/v2/dir_`);
  for (const line of ['Engineering', '1', 'true', 'ann@umbrella.example', 'false', 'deactivated', '{}']) {
    expect(printed).toContain(line);
  }
  expect(text).toContain('organization.directory.user_created');
  await expect(newSdk().organization.getOrganizationByExternalId('umbrella-1')).rejects.toMatchObject({
    errorCode: 'RESOURCE_NOT_FOUND',
  });
});

test('the calls that the documents of the API show are answered', async () => {
  const { organization, directory, scim } = await newOrganizationWithDirectory('Documents');
  await scim('POST', '/Users', { userName: 'ann@documents.example' });
  const [calls] = readBlocks('docs/api.md', 'sh');
  const env = { ORG: organization.id, DIRECTORY: directory.id };
  const withFailures = calls!.replace(/^BASE=.*$/m, '').replaceAll('curl -s ', 'curl -sf -w "\\n" ');
  const printed = runShell(withFailures, env).join('\n');
  expect(printed).toContain('"display_name":"Umbrella"');
  expect(printed).toContain('/magicLink/');
  expect(printed).toContain('ann@documents.example');
  const sdk = newSdk();
  const made = await sdk.organization.getOrganizationByExternalId('cust_42');
  await sdk.organization.deleteOrganization(made.organization!.id);

  const [program] = readBlocks('README.md', 'js');
  const answer = runModule(
    program!.replace('\n\n', `\n\nconst organizationId = '${organization.id}';\n`) +
      '\nconsole.log(JSON.stringify({ location: link.location, people: users.map((user) => user.id) }));',
  ) as { location: string; people: string[] };
  expect(answer.location).toContain('/magicLink/');
  expect(answer.people).toEqual([expect.stringMatching(/^diruser_/)]);
});

test('the first provisioned user of the README is provisioned', async () => {
  const { directory } = await newOrganizationWithDirectory('Five Minutes');
  const [, command = ''] =
    /^ +ENDPOINT=.*\n +TOKEN=.*\n([\s\S]*?)^ +```/m.exec(readFileSync(path.join(ROOT, 'README.md'), 'utf8')) ?? [];
  expect(command).toContain('/Users');
  const [answer = ''] = runShell(command, { ENDPOINT: directory.endpoint, TOKEN: directory.token });
  expect(JSON.parse(answer)).toMatchObject({ userName: 'ann@acme.example', active: true });
});
