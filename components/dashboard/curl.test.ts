import { execFileSync } from 'node:child_process';
import { expect, test } from 'vitest';
import { curlOf } from './curl';

const request = {
  method: 'PATCH',
  url: 'http://localhost:3000/scim/v2/dir_1/Users/diruser_1?x=1',
  headers: { 'Content-Type': 'application/scim+json', authorization: '[redacted]', 'user-agent': 'Okta' },
  body: `{"displayName":"O'Neil $(id) \`id\`"}`,
};

/** The words that a shell passes to curl. */
function wordsOf(command: string): string[] {
  const script = `curl() { for word in "$@"; do printf '%s\\0' "$word"; done; }; TOKEN=secret; ${command}`;
  return execFileSync('sh', ['-c', script], { encoding: 'utf8' }).split('\0').slice(0, -1);
}

test('a shell passes the logged request on unchanged, whatever is in its body', () => {
  expect(wordsOf(curlOf(request))).toEqual([
    '-i',
    '-X',
    'PATCH',
    request.url,
    '-H',
    'Authorization: Bearer secret',
    '-H',
    'Content-Type: application/scim+json',
    '--data-raw',
    request.body,
  ]);
});

test('a request without a body has none', () => {
  expect(curlOf({ ...request, body: null })).not.toContain('--data');
});
