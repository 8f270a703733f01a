import { describe, expect, test } from 'vitest';
import { decideLoad } from './redeem';

const own = 'https://portal.example';
const navigate = { 'sec-fetch-mode': 'navigate' };
const decide = (method: string, headers: Record<string, string>) => decideLoad(method, new Headers(headers), own);

describe('a link is redeemed at once', () => {
  test('by a person who opens it', () => {
    expect(decide('GET', { ...navigate, 'sec-fetch-dest': 'document' })).toEqual({ kind: 'redeem' });
  });

  test.each(['iframe', 'frame'])('by a page of this service that shows it in an %s', (dest) => {
    const headers = { ...navigate, 'sec-fetch-dest': dest, referer: `${own}/settings` };
    expect(decide('GET', headers)).toEqual({ kind: 'redeem', parentOrigin: own });
  });

  test('by the button of the page that asks', () => {
    expect(decide('POST', {})).toEqual({ kind: 'redeem' });
  });
});

test('a page of another origin that frames a link is judged by its origin', () => {
  const headers = { ...navigate, 'sec-fetch-dest': 'iframe', referer: 'https://app.example/' };
  expect(decide('GET', headers)).toEqual({ kind: 'judge', parentOrigin: 'https://app.example' });
});

describe('nothing is redeemed, and a page asks,', () => {
  test.each([
    ['for a HEAD request', 'HEAD', { ...navigate, 'sec-fetch-dest': 'document' }],
    ['without Sec-Fetch headers, as link scanners and old clients are', 'GET', {}],
    ['for a script that fetches', 'GET', { 'sec-fetch-mode': 'cors', 'sec-fetch-dest': 'empty' }],
    ['for a fetch without CORS', 'GET', { 'sec-fetch-mode': 'no-cors', 'sec-fetch-dest': 'image' }],
    ['for an object element', 'GET', { ...navigate, 'sec-fetch-dest': 'object' }],
    ['for a prefetch', 'GET', { ...navigate, 'sec-fetch-dest': 'document', 'sec-purpose': 'prefetch' }],
    ['for a prerender', 'GET', { ...navigate, 'sec-fetch-dest': 'document', 'sec-purpose': 'prefetch;prerender' }],
    ['for an older prefetch', 'GET', { ...navigate, 'sec-fetch-dest': 'document', purpose: 'prefetch' }],
    ['for a preview', 'GET', { ...navigate, 'sec-fetch-dest': 'document', 'x-purpose': 'preview' }],
    ['for a frame that hides where it is', 'GET', { ...navigate, 'sec-fetch-dest': 'iframe' }],
  ])('%s', (_, method, headers) => {
    expect(decide(method, headers)).toEqual({ kind: 'ask' });
  });
});
