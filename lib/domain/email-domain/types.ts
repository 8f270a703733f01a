/** `ORGANIZATION_DOMAIN` leads to the organization's sign-in; `ALLOWED_EMAIL_DOMAIN` lets people ask to join. The wire's names. */
export type EmailDomainType = 'ALLOWED_EMAIL_DOMAIN' | 'ORGANIZATION_DOMAIN';

/** A domain of an organization's email addresses. */
export interface EmailDomain {
  readonly id: string;
  readonly environmentId: string;
  readonly organizationId: string;
  /** In small ASCII letters: `xn--…` for names in other scripts. */
  readonly domain: string;
  readonly type: EmailDomainType;
  /** The connection that people with this domain sign in through. */
  readonly connectionId: string | null;
  /** The label below `domain` where the TXT record belongs. */
  readonly txtRecordKey: string;
  /** What the TXT record must say. */
  readonly txtRecordSecret: string;
  readonly status: 'PENDING' | 'VERIFIED' | 'FAILED';
  /** Who vouches for the domain: `ADMIN` for an operator or an API credential, `DNS` for the TXT record. */
  readonly method: 'ADMIN' | 'DNS';
  readonly version: number;
  readonly createdAt: Date;
  readonly updatedAt: Date;
}

/** Reads the TXT records at a name, each joined to one text. Empty if there are none; throws `unavailable` if nobody answers. */
export type LookUpTxt = (name: string) => Promise<readonly string[]>;

/** How long a domain waits for its TXT record. DNS changes take up to two days to be seen everywhere. */
export const VERIFICATION_WINDOW_MS = 48 * 60 * 60 * 1000;

/** The longest domain name of DNS (RFC 1035 §2.3.4), in characters. */
const MAX_NAME_LENGTH = 253;
const NEVER_IN_A_NAME = /[\s/?#@:\\[\]%*_]/;
/** A label of DNS (RFC 1123 §2.1), 1 to 63 characters. */
const LABEL = /^[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?$/;

/** `text` as a domain name in small ASCII letters without the final dot, or undefined if it is not one with two labels or more. */
export function normalizeDomainName(text: string): string | undefined {
  const given = text.trim().replace(/\.$/, '');
  if (given === '' || NEVER_IN_A_NAME.test(given) || !URL.canParse(`http://${given}`)) return undefined;
  const name = new URL(`http://${given}`).hostname;
  const labels = name.split('.');
  const isName = name.length <= MAX_NAME_LENGTH && labels.length > 1 && labels.every((label) => LABEL.test(label));
  // A last label of digits alone is an IPv4 address, not a name.
  return isName && !/^\d+$/.test(labels.at(-1) ?? '') ? name : undefined;
}
