import { expect, test } from 'vitest';
import { redactBody, redactHeaders, redactText } from './redact';

const TOKEN = `scim_${'a'.repeat(30)}`;

test('no secret member reaches the log, however it is written', () => {
  const bodies = [
    '{"password":"s3cret"}',
    '{"PassWord" : "s3cret"}',
    '{"pass\\u0077ord":"s3cret"}',
    '{"to\u212Aen":"s3cret"}',
    '{"a":[{"b":{"client_secret":"s3cret"}}]}',
    '{"Operations":[{"op":"replace","path":"urn:ietf:params:scim:schemas:core:2.0:User:password","value":"s3cret"}]}',
    '{"Operations":[{"op":"replace","path":"p\\u0061ssword","value":"s3cret"}]}',
  ];
  for (const body of bodies) expect([body, redactBody(body)?.includes('s3cret')]).toEqual([body, false]);
});

test('a directory token is removed wherever it stands', () => {
  expect(redactBody(`{"displayName":"${TOKEN}"}`)).toBe('{"displayName":"[redacted]"}');
  expect(redactText(`/Users?x=${TOKEN}`)).toBe('/Users?x=[redacted]');
  expect(redactHeaders({ 'x-other': TOKEN, Authorization: 'Bearer x' })).toEqual({
    'x-other': '[redacted]',
    Authorization: '[redacted]',
  });
});

test('a body without secrets is kept as it was sent, and what is no JSON is only measured', () => {
  const body = '{ "userName": "ann",\n "emails": [] }';
  expect(redactBody(body)).toBe(body);
  expect(redactBody('password=s3cret')).toBe('[15 characters that are not JSON]');
});

test('what a text column cannot hold is replaced', () => {
  expect(redactText('a\0b\uD800c😀')).toBe('a\uFFFDb\uFFFDc😀');
});

test('a body that is too long to be read at once is only measured', () => {
  expect(redactBody(`"${'x'.repeat(3_000_000)}"`)).toBe('[3000002 characters, too many to keep]');
});
