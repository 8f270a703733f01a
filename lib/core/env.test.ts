import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { ConfigurationError, readEnvironment } from './env.mjs';
import { isLoopbackHost, isPublicHost } from './host.mjs';

function problemsOf(env: Record<string, string>): readonly string[] {
  try {
    readEnvironment(env);
  } catch (error) {
    if (error instanceof ConfigurationError) return error.problems;
    throw error;
  }
  return [];
}

describe('readEnvironment', () => {
  it('gives a loopback server on port 3000 with the embedded database when nothing is set', () => {
    expect(readEnvironment({})).toMatchObject({
      port: 3000,
      host: '127.0.0.1',
      dataDir: path.resolve('.data'),
      databaseUrl: undefined,
      publicOrigin: 'http://localhost:3000',
      publicHost: 'localhost:3000',
      isPublicUrlLoopback: true,
      isPublicUrlSecure: false,
      environmentUrl: 'http://127.0.0.1:3000',
      isEnvironmentSelf: true,
      isScimLaneOn: true,
      apiCallsPerSecond: 500,
      webhookAllow: [],
    });
  });

  it('cannot be changed after it was read', () => {
    expect(Object.isFrozen(readEnvironment({}))).toBe(true);
  });

  it('treats an empty value as unset', () => {
    expect(readEnvironment({ PORT: '', DATABASE_URL: ' ', GATEHOUSE_URL: '', GATEHOUSE_SECRET: '' })).toMatchObject({
      port: 3000,
      databaseUrl: undefined,
      publicOrigin: 'http://localhost:3000',
      secret: undefined,
    });
  });

  it('names every wrong value in one message', () => {
    const problems = problemsOf({
      PORT: '70000',
      HOST: 'not a host',
      DATABASE_URL: 'mysql://root:hunter2@db/app',
      GATEHOUSE_URL: 'https://gatehouse.example.com/base',
      GATEHOUSE_SECRET: 'short',
      GATEHOUSE_ADMIN_EMAIL: 'nobody',
      GATEHOUSE_ADMIN_PASSWORD: 'tiny',
      SCALEKIT_CLIENT_ID: 'skc_1',
      SCALEKIT_ENVIRONMENT_URL: 'acme',
      GATEHOUSE_TLS_KEY_FILE: 'key.pem',
      GATEHOUSE_SCIM_LANE: 'maybe',
      GATEHOUSE_API_CALLS_PER_SECOND: 'many',
    });
    const named = [
      'PORT',
      'HOST',
      'DATABASE_URL',
      'GATEHOUSE_URL',
      'GATEHOUSE_SECRET',
      'GATEHOUSE_ADMIN_EMAIL',
      'GATEHOUSE_ADMIN_PASSWORD',
      'SCALEKIT_CLIENT_SECRET',
      'SCALEKIT_ENVIRONMENT_URL',
      'GATEHOUSE_TLS_CERT_FILE',
      'GATEHOUSE_SCIM_LANE',
      'GATEHOUSE_API_CALLS_PER_SECOND',
    ];
    expect(problems).toHaveLength(named.length);
    for (const name of named) expect(problems.filter((problem) => problem.startsWith(`${name} `))).toHaveLength(1);
  });

  it('never repeats a secret in its message', () => {
    const text = problemsOf({
      DATABASE_URL: 'mysql://root:hunter2@db/app',
      GATEHOUSE_SECRET: 'letmein',
      GATEHOUSE_ADMIN_EMAIL: 'a@example.com',
      GATEHOUSE_ADMIN_PASSWORD: 'tiny-word',
    }).join('\n');
    expect(text).not.toMatch(/hunter2|letmein|tiny-word/);
    expect(text).toMatch(/DATABASE_URL.*\n.*GATEHOUSE_SECRET.*\n.*GATEHOUSE_ADMIN_PASSWORD/);
  });

  it.each(['1.5', '-1', '0x10', '65536', '3000 ', 'http'])('refuses %j as a port or trims it', (port) => {
    if (port.trim() === '3000') expect(readEnvironment({ PORT: port }).port).toBe(3000);
    else expect(problemsOf({ PORT: port })).toHaveLength(1);
  });

  it.each(['ftp://x.example', 'x.example', 'https://u:p@x.example', 'https://x.example/?a=1', 'https://x.example/#a'])(
    'refuses %s as the public address',
    (url) => expect(problemsOf({ GATEHOUSE_URL: url })).toHaveLength(1),
  );

  it('takes a public address with a trailing slash and keeps the origin only', () => {
    expect(readEnvironment({ GATEHOUSE_URL: 'https://Gatehouse.Example.com:443/' })).toMatchObject({
      publicUrl: 'https://gatehouse.example.com',
      publicHost: 'gatehouse.example.com',
      isPublicUrlLoopback: false,
      isPublicUrlSecure: true,
    });
  });

  it('makes the credentials local ones while the environment is this server', () => {
    const env = { SCALEKIT_CLIENT_ID: 'skc_1', SCALEKIT_CLIENT_SECRET: 'test_secret' };
    const local = { clientId: 'skc_1', clientSecret: 'test_secret' };
    for (const url of [undefined, 'http://localhost:3000', 'http://127.0.0.1:3000/', 'http://[::1]:3000']) {
      const config = readEnvironment({ ...env, SCALEKIT_ENVIRONMENT_URL: url });
      expect(config.bootstrapCredentials).toEqual(local);
      expect(config.outboundCredentials).toBeUndefined();
      expect(config.isEnvironmentSelf).toBe(true);
    }
  });

  it('uses the credentials outbound only when the environment is another server', () => {
    const env = { SCALEKIT_CLIENT_ID: 'skc_1', SCALEKIT_CLIENT_SECRET: 'test_secret' };
    for (const url of ['https://acme.scalekit.com', 'http://localhost:4000', 'https://localhost']) {
      const config = readEnvironment({ ...env, SCALEKIT_ENVIRONMENT_URL: url });
      expect(config.bootstrapCredentials).toBeUndefined();
      expect(config.outboundCredentials).toEqual({ clientId: 'skc_1', clientSecret: 'test_secret' });
      expect(config.environmentUrl).toBe(url);
      expect(config.isEnvironmentSelf).toBe(false);
    }
  });

  it('reaches itself by loopback, and by the public name where a certificate or a fixed address demands it', () => {
    expect(readEnvironment({ HOST: '0.0.0.0', GATEHOUSE_URL: 'https://g.example' }).selfUrl).toBe(
      'http://127.0.0.1:3000',
    );
    expect(readEnvironment({ HOST: '::1', PORT: '4000' }).selfUrl).toBe('http://[::1]:4000');
    expect(readEnvironment({ HOST: '10.0.0.5', GATEHOUSE_URL: 'https://g.example' }).selfUrl).toBe('https://g.example');
    const tls = { GATEHOUSE_TLS_CERT_FILE: 'c.pem', GATEHOUSE_TLS_KEY_FILE: 'k.pem' };
    expect(readEnvironment({ ...tls, GATEHOUSE_URL: 'https://g.example' }).selfUrl).toBe('https://g.example');
    expect(readEnvironment(tls).publicOrigin).toBe('https://localhost:3000');
  });

  it('reads the list of private addresses that webhooks may reach', () => {
    expect(readEnvironment({ GATEHOUSE_WEBHOOK_ALLOW: '10.0.0.0/8, 127.0.0.1' }).webhookAllow).toEqual([
      '10.0.0.0/8',
      '127.0.0.1',
    ]);
  });
});

describe('isLoopbackHost', () => {
  it.each(['localhost', 'LOCALHOST:3000', 'app.localhost:80', '127.0.0.1:3000', '127.8.9.10', '[::1]:3000'])(
    'takes %s for this machine',
    (host) => expect(isLoopbackHost(host)).toBe(true),
  );

  it.each([
    '',
    'localhost.example.com',
    '127.0.0.1.example.com',
    '127.0.0.256',
    '10.0.0.1',
    '[::2]',
    'a@localhost',
    'localhost/x',
  ])('does not take %j for this machine', (host) => expect(isLoopbackHost(host)).toBe(false));
});

describe('isPublicHost', () => {
  it('forgives case and a written default port, and nothing else', () => {
    expect(isPublicHost('G.example:443', 'https://g.example')).toBe(true);
    expect(isPublicHost('g.example', 'https://g.example')).toBe(true);
    expect(isPublicHost('g.example:80', 'https://g.example')).toBe(false);
    expect(isPublicHost('localhost', 'http://localhost:3000')).toBe(false);
    expect(isPublicHost('localhost:3000', 'http://localhost:3000')).toBe(true);
    expect(isPublicHost('', 'http://localhost:3000')).toBe(false);
  });
});
