import { describe, expect, test } from 'vitest';
import { readAddressRules, refusalOfAddress, refusalOfUrl } from './safe-url';

const NOTHING = readAddressRules([]);
const LOOPBACK = readAddressRules(['127.0.0.0/8', '::1', 'receiver.internal']);
const EVERYTHING = readAddressRules(['0.0.0.0/0', '::/0', 'metadata.internal']);

const allows = (address: string, rules = NOTHING, host = 'app.example.com', isSecure = true) =>
  refusalOfAddress(address, host, isSecure, rules) === undefined;

describe('addresses that a webhook may reach', () => {
  test.each(['93.184.215.14', '8.8.8.8', '172.15.255.255', '172.32.0.1', '2606:2800:21f:cb07:6820:80da:af6b:8b2c'])(
    '%s is public',
    (address) => expect(allows(address)).toBe(true),
  );

  test.each([
    '0.0.0.0',
    '10.1.2.3',
    '100.64.0.1',
    '100.127.255.255',
    '127.0.0.1',
    '172.16.0.1',
    '172.31.255.255',
    '192.168.1.1',
    '198.18.0.1',
    '224.0.0.1',
    '255.255.255.255',
    '::',
    '::1',
    'fc00::1',
    'fd12:3456::1',
    'fec0::1',
    'ff02::1',
    '2001:db8::1',
    '2001:0:1::1',
    '::ffff:10.0.0.1',
    '::ffff:7f00:1',
    '::7f00:1',
    '64:ff9b::a00:1',
    '2002:7f00:1::',
  ])('%s is refused unless it is listed', (address) => {
    expect(allows(address)).toBe(false);
    expect(allows(address, EVERYTHING)).toBe(true);
  });

  test.each([
    '169.254.169.254',
    '169.254.0.1',
    'fe80::1',
    'fe80::1%eth0',
    '::ffff:169.254.169.254',
    '64:ff9b::a9fe:a9fe',
  ])('%s is refused whatever is listed', (address) =>
    expect(allows(address, EVERYTHING, 'metadata.internal')).toBe(false),
  );

  test.each(['fd00:ec2::254', '100.100.100.200', '168.63.129.16', '192.0.0.192'])(
    '%s, a metadata service, is refused whatever is listed',
    (address) => expect(allows(address, EVERYTHING, 'metadata.internal')).toBe(false),
  );

  test('what is listed may be private and plain http, and nothing else', () => {
    expect(allows('127.0.0.1', LOOPBACK, '127.0.0.1', false)).toBe(true);
    expect(allows('::1', LOOPBACK, 'localhost', false)).toBe(true);
    expect(allows('::ffff:127.0.0.1', LOOPBACK)).toBe(true);
    expect(allows('10.0.0.1', LOOPBACK, 'receiver.internal', false)).toBe(true);
    expect(allows('10.0.0.1', LOOPBACK, 'other.internal')).toBe(false);
    expect(allows('93.184.215.14', LOOPBACK, 'app.example.com', false)).toBe(false);
  });
});

describe('URLs that a webhook may have', () => {
  test.each(['https://app.example.com/hooks?a=b', 'https://app.example.com:8443/', 'https://93.184.215.14/'])(
    '%s can be one',
    (url) => expect(refusalOfUrl(url, NOTHING)).toBeUndefined(),
  );

  test.each([
    'app.example.com',
    'ftp://app.example.com/',
    'http://app.example.com/',
    'https://user:secret@app.example.com/',
    'https://user@app.example.com/',
    'https://app.example.com/#part',
    'https://127.0.0.1/',
    'https://2130706433/',
    'https://0x7f.1/',
    'https://[::1]/',
    'https://[::ffff:127.0.0.1]/',
    'http://127.0.0.1:3001/',
    'javascript:alert(1)',
    '',
  ])('%s cannot', (url) => expect(refusalOfUrl(url, NOTHING)).toBeTypeOf('string'));

  test('plain http needs a host or a range that is listed', () => {
    expect(refusalOfUrl('http://127.0.0.1:3001/', LOOPBACK)).toBeUndefined();
    expect(refusalOfUrl('http://receiver.internal/', LOOPBACK)).toBeUndefined();
    expect(refusalOfUrl('http://93.184.215.14/', LOOPBACK)).toBeTypeOf('string');
    expect(refusalOfUrl('http://169.254.169.254/', EVERYTHING)).toBeTypeOf('string');
  });
});
