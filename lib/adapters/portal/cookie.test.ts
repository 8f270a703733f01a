import { describe, expect, test } from 'vitest';
import { cookieOf, LINK_COOKIE, readLinkCookie, readTicket, SESSION_COOKIE, sessionCookies } from './cookie';

const secret = 'a'.repeat(43);
const opened = { token: 'T', sessionId: 'ps_1', secret, maxAgeSeconds: 60 };
const https = { publicOrigin: 'https://portal.example', isSecure: true };
const http = { publicOrigin: 'http://localhost:3000', isSecure: false };

const valueOf = (cookie: string) => cookie.slice(cookie.indexOf('=') + 1, cookie.indexOf(';'));

describe('the cookies of a session', () => {
  test('on https survive being framed by another site, and are out of reach of scripts', () => {
    for (const cookie of sessionCookies(https, opened)) {
      expect(cookie).toMatch(/; HttpOnly; Secure; SameSite=None; Partitioned$/);
    }
  });

  test('on plain http are Lax, since SameSite=None needs https', () => {
    for (const cookie of sessionCookies(http, opened)) {
      expect(cookie).toMatch(/; HttpOnly; SameSite=Lax$/);
      expect(cookie).not.toMatch(/Secure|Partitioned/);
    }
  });

  test('are bound to the path of their session and to the address of their link', () => {
    const [session, link] = sessionCookies(https, opened);
    expect(session).toContain(`${SESSION_COOKIE}=`);
    expect(session).toContain('; Path=/portal/ps_1; Max-Age=60;');
    expect(link).toContain(`${LINK_COOKIE}=`);
    expect(link).toContain('; Path=/magicLink/T; Max-Age=60;');
  });

  test('give back what was put in', () => {
    const parentOrigin = 'https://app.example:8443';
    const [session, link] = sessionCookies(https, { ...opened, parentOrigin });
    expect(readTicket(valueOf(session!))).toEqual({ secret, parentOrigin });
    expect(readLinkCookie(valueOf(link!))).toEqual({ sessionId: 'ps_1', secret });
    expect(readTicket(valueOf(sessionCookies(https, opened)[0]!))).toEqual({ secret });
  });
});

test.each([undefined, '', 'short', `${secret};x`, `${secret}.a.b`, ' '])('%o is no ticket', (value) => {
  expect(readTicket(value)).toBeUndefined();
});

test.each([undefined, '', 'ps_1', `org_1.${secret}`, `ps_1.${secret}.x`, `ps_x.${secret}`])(
  '%o is no link cookie',
  (value) => {
    expect(readLinkCookie(value)).toBeUndefined();
  },
);

test('one cookie is found among others', () => {
  expect(cookieOf('a=1; gatehouse_portal=x=y ;b=2', 'gatehouse_portal')).toBe('x=y');
  expect(cookieOf('not_gatehouse_portal=1', 'gatehouse_portal')).toBeUndefined();
  expect(cookieOf(null, 'a')).toBeUndefined();
});
