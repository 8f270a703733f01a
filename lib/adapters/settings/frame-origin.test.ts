import { beforeEach, expect, test, vi } from 'vitest';
import { forgetFrameOrigin, frameOrigin, learnFrameOrigin } from './frame-origin';

let config = {
  publicOrigin: 'https://gatehouse.example',
  environmentUrl: 'http://127.0.0.1:3000',
  isEnvironmentSelf: true,
};
vi.mock('@/lib/core/data-folder.mjs', () => ({ processSetup: () => ({ config }) }));

beforeEach(forgetFrameOrigin);

test('before any link, this server is expected at its public address', () => {
  expect(frameOrigin()).toBe('https://gatehouse.example');
  expect(learnFrameOrigin('https://gatehouse.example')).toBe(false);
});

test('another environment is expected at its own address, until its links say otherwise', () => {
  config = { ...config, environmentUrl: 'https://acme.scalekit.com', isEnvironmentSelf: false };
  expect(frameOrigin()).toBe('https://acme.scalekit.com');
  expect(learnFrameOrigin('https://setup.acme.example')).toBe(true);
  expect(frameOrigin()).toBe('https://setup.acme.example');
  expect(learnFrameOrigin('https://setup.acme.example')).toBe(false);
});
