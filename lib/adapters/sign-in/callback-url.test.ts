import { describe, expect, test } from 'vitest';
import { readCallbackUrl, signInPath } from './callback-url';

describe('where signing in leads', () => {
  test.each(['/dashboard', '/dashboard/organizations/org_1?tab=users&q=a%20b#top', '/settings', '/'])(
    '%s is on this site and is kept as it is',
    (path) => expect(readCallbackUrl(path)).toBe(path),
  );

  test.each([
    'https://evil.example/',
    'HTTPS://evil.example/',
    'javascript:alert(1)',
    '//evil.example',
    '///evil.example',
    '/\\evil.example',
    '\\\\evil.example',
    '/\t/evil.example',
    '/\n/evil.example',
    '/\u0000dashboard',
    '\u0001//evil.example',
    ' /dashboard',
    '/.//evil.example',
    '/a/..//evil.example',
    '/%2e%2e//evil.example',
    'dashboard',
    '',
    `/${'a'.repeat(2000)}`,
  ])('%j is not a place to go', (value) => expect(readCallbackUrl(value)).toBeUndefined());

  test('a parameter given twice, or none, is not a place to go', () => {
    expect(readCallbackUrl(['/dashboard', '/settings'])).toBeUndefined();
    expect(readCallbackUrl(undefined)).toBeUndefined();
    expect(readCallbackUrl(null)).toBeUndefined();
  });

  test('whatever is kept stays on this site when a browser resolves it', () => {
    for (const path of ['/dashboard?next=//evil.example', '/@evil.example', '/:80', '/;//evil.example']) {
      const kept = readCallbackUrl(path);
      expect(kept).toBeDefined();
      expect(new URL(kept!, 'https://gatehouse.example').origin).toBe('https://gatehouse.example');
    }
  });

  test('the sign-in page is told the way back only when there is one', () => {
    expect(signInPath('/dashboard/logs?live=1')).toBe('/login?callbackUrl=%2Fdashboard%2Flogs%3Flive%3D1');
    expect(signInPath('//evil.example')).toBe('/login');
    expect(signInPath('/')).toBe('/login');
    expect(signInPath(undefined)).toBe('/login');
  });
});
