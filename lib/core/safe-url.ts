import { BlockList, isIP } from 'node:net';

/** What the operator of this installation allows requests to reach beyond the public internet. */
export interface AddressRules {
  /** Names, in small letters, that may be private or plain http. */
  readonly hosts: ReadonlySet<string>;
  /** Addresses that may be private or plain http. */
  readonly ranges: BlockList;
  readonly hasRanges: boolean;
}

/** Link-local addresses, and those at which clouds tell a machine its secrets. No setting opens them. */
const NEVER = blockList([
  '169.254.0.0/16',
  'fe80::/10',
  // Metadata services that are not link-local: AWS, Google, Alibaba, Azure, Oracle.
  'fd00:ec2::/32',
  'fd20:ce::/32',
  '100.100.100.200/32',
  '168.63.129.16/32',
  '192.0.0.192/32',
]);

/** Addresses that are not of the public internet: the IANA special-purpose registries (RFC 6890). */
const PRIVATE = blockList([
  '0.0.0.0/8',
  '10.0.0.0/8',
  '100.64.0.0/10',
  '127.0.0.0/8',
  '172.16.0.0/12',
  '192.0.0.0/24',
  '192.0.2.0/24',
  '192.88.99.0/24',
  '192.168.0.0/16',
  '198.18.0.0/15',
  '198.51.100.0/24',
  '203.0.113.0/24',
  '224.0.0.0/4',
  '240.0.0.0/4',
  '2001::/23',
  '2001:db8::/32',
  '3fff::/20',
]);

/** The only part of IPv6 that is given out for the public internet (RFC 4291 §2.4). */
const PUBLIC_IPV6 = blockList(['2000::/3']);

function blockList(cidrs: readonly string[]): BlockList {
  const list = new BlockList();
  for (const cidr of cidrs) addRange(list, cidr);
  return list;
}

/** @returns whether `entry` is an address or a range, and was added */
function addRange(list: BlockList, entry: string): boolean {
  const [address = '', prefix, ...rest] = entry.split('/');
  const family = isIP(address);
  const bits = family === 4 ? 32 : 128;
  if (family === 0 || rest.length > 0 || (prefix !== undefined && !/^\d{1,3}$/.test(prefix))) return false;
  const length = prefix === undefined ? bits : Number(prefix);
  if (length > bits) return false;
  list.addSubnet(address, length, family === 4 ? 'ipv4' : 'ipv6');
  return true;
}

/** Reads what `GATEHOUSE_WEBHOOK_ALLOW` lists: addresses, ranges in CIDR notation, and names. */
export function readAddressRules(entries: readonly string[]): AddressRules {
  const ranges = new BlockList();
  const names = entries.filter((entry) => !addRange(ranges, entry.replace(/^\[|\]$/g, '')));
  return {
    hosts: new Set(names.map((name) => name.toLowerCase())),
    ranges,
    hasRanges: names.length < entries.length,
  };
}

/** The eight groups of an IPv6 address. A dotted tail is two groups. */
function groupsOf(address: string): number[] {
  const plain = address
    .replace(/%.*$/, '')
    .replace(/(\d+)\.(\d+)\.(\d+)\.(\d+)$/, (_, a, b, c, d) =>
      [Number(a) * 256 + Number(b), Number(c) * 256 + Number(d)].map((group) => group.toString(16)).join(':'),
    );
  const [head = '', tail] = plain.split('::');
  const read = (part: string) => (part === '' ? [] : part.split(':').map((group) => Number.parseInt(group, 16)));
  if (tail === undefined) return read(head);
  const [front, back] = [read(head), read(tail)];
  return [...front, ...Array.from({ length: 8 - front.length - back.length }, () => 0), ...back];
}

/** The IPv4 address that an IPv6 address stands for: mapped, compatible, translated (NAT64) or tunnelled (6to4). */
function embeddedIpv4(address: string): string | undefined {
  const groups = groupsOf(address);
  const dotted = (at: number) => {
    const [high = 0, low = 0] = groups.slice(at, at + 2);
    return [high >> 8, high & 255, low >> 8, low & 255].join('.');
  };
  const startsWith = (...start: number[]) => start.every((group, at) => groups[at] === group);
  if (startsWith(0, 0, 0, 0, 0, 0xffff) || startsWith(0x64, 0xff9b, 0, 0, 0, 0)) return dotted(6);
  if (startsWith(0, 0, 0, 0, 0, 0) && !(groups[6] === 0 && (groups[7] ?? 0) <= 1)) return dotted(6);
  if (startsWith(0x2002)) return dotted(1);
  return undefined;
}

const isIn = (list: BlockList, address: string) => list.check(address, isIP(address) === 4 ? 'ipv4' : 'ipv6');

/**
 * Why no request may go to `address`, or undefined if one may. Called with the address that a connection is about to be made to, not with
 * what a name resolved to before.
 * @param host the name or address in the URL
 */
export function refusalOfAddress(
  address: string,
  host: string,
  isSecure: boolean,
  rules: AddressRules,
): string | undefined {
  const bare = address.replace(/%.*$/, '');
  if (isIP(bare) === 0) return `${address} is not an address.`;
  const real = isIP(bare) === 6 ? (embeddedIpv4(bare) ?? bare) : bare;
  if (isIn(NEVER, bare) || isIn(NEVER, real))
    return `${address} is a link-local or metadata address, which is never called.`;
  if (rules.hosts.has(host.toLowerCase()) || isIn(rules.ranges, real) || isIn(rules.ranges, bare)) return undefined;
  const isPrivate = isIn(PRIVATE, real) || (isIP(real) === 6 && !isIn(PUBLIC_IPV6, real));
  if (isPrivate) return `${address} is a private address. List it in GATEHOUSE_WEBHOOK_ALLOW to allow it.`;
  if (!isSecure) return 'Plain http is only used for what GATEHOUSE_WEBHOOK_ALLOW lists.';
  return undefined;
}

/** The host of a URL without the brackets of IPv6 and without a final dot. */
export function hostOf(url: URL): string {
  return url.hostname.replace(/^\[|\]$/g, '').replace(/\.$/, '');
}

/** Why `text` cannot be the address of a webhook, as far as it can be told without asking the network; undefined if it can. */
export function refusalOfUrl(text: string, rules: AddressRules): string | undefined {
  if (!URL.canParse(text)) return 'This is not a URL. Use one such as https://app.example.com/webhooks.';
  const url = new URL(text);
  if (url.protocol !== 'https:' && url.protocol !== 'http:') return 'Use an https URL.';
  if (url.username !== '' || url.password !== '') {
    return 'Leave name and password out of the URL: the signature says who calls.';
  }
  if (url.hash !== '') return 'Leave the part after # out of the URL: it is never sent.';
  const host = hostOf(url);
  const isSecure = url.protocol === 'https:';
  if (isIP(host) !== 0) return refusalOfAddress(host, host, isSecure, rules);
  // A name may turn out to be in an allowed range; the connection is checked again.
  if (isSecure || rules.hosts.has(host.toLowerCase()) || rules.hasRanges) return undefined;
  return 'Use https. Plain http is only for hosts that GATEHOUSE_WEBHOOK_ALLOW lists.';
}
