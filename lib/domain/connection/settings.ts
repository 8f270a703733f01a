import { X509Certificate } from 'node:crypto';
import { AppError, type FieldViolation } from '@/lib/core/error';
import { hasControlCharacter } from '@/lib/core/text';
import type { Connection, IdpCertificate, OidcChange, OidcSettings, SamlChange, SamlSettings } from './types';

const LIMITS = { url: 2000, text: 1024, certificates: 5, certificateText: 65_536 } as const;

const OIDC_URLS = [
  'issuer',
  'discoveryEndpoint',
  'authorizeUri',
  'tokenUri',
  'userInfoUri',
  'jwksUri',
  'redirectUri',
  'postLogoutRedirectUri',
  'backchannelLogoutRedirectUri',
] as const satisfies readonly (keyof OidcSettings)[];
const OIDC_TEXTS = ['clientId', 'clientSecret'] as const satisfies readonly (keyof OidcChange)[];
const SAML_URLS = [
  'idpMetadataUrl',
  'idpSsoUrl',
  'idpSloUrl',
  'defaultRedirectUri',
  'spAssertionUrl',
  'spSloUrl',
] as const satisfies readonly (keyof SamlSettings)[];
/** An entity id is a URI of any scheme, or any text: providers differ. */
const SAML_TEXTS = ['idpEntityId', 'spEntityId', 'certificateId'] as const satisfies readonly (keyof SamlSettings)[];

const PEM = /-----BEGIN CERTIFICATE-----[\s\S]*?-----END CERTIFICATE-----/g;

/** `current` with the fields of `given`, without its secret. @throws invalid_argument with the fields */
export function mergeOidc(current: OidcSettings, given: OidcChange): OidcSettings {
  const { clientSecret: _, ...fields } = given;
  refuse('oidc_config', [...findBadUrls(given, OIDC_URLS), ...findBadTexts(given, OIDC_TEXTS)]);
  return merge(current, fields);
}

/**
 * `current` with the fields of `given`. Given certificates replace the ones before; one that stays keeps the time it was added.
 * @throws invalid_argument with the fields, also for a certificate that is over
 */
export function mergeSaml(current: SamlSettings, given: SamlChange, now: Date): SamlSettings {
  const { certificate, ...fields } = given;
  const violations = [...findBadUrls(given, SAML_URLS), ...findBadTexts(given, SAML_TEXTS)];
  const known = current.idpCertificates ?? [];
  const certificates = certificate === undefined ? known : readCertificates(certificate, known, now);
  if (typeof certificates === 'string') violations.push({ field: 'idpCertificate', description: certificates });
  refuse('saml_config', violations);
  const merged = merge(current, fields);
  return typeof certificates === 'string' ? merged : { ...merged, idpCertificates: certificates };
}

/**
 * How far the configuration of a connection is: whether it has all that sign-in needs, or can read it from the provider's own
 * description.
 */
export function statusOf(
  connection: Pick<Connection, 'type' | 'settings' | 'configurationType'>,
  hasSecret: boolean,
): Connection['status'] {
  const isManual = connection.configurationType === 'MANUAL';
  const isBlank =
    !hasSecret &&
    Object.values(connection.settings).every((value) => value === undefined || (Array.isArray(value) && !value.length));
  if (isBlank) return 'DRAFT';
  const isComplete =
    connection.type === 'OIDC'
      ? hasSecret && isOidcComplete(connection.settings as OidcSettings, isManual)
      : isSamlComplete(connection.settings as SamlSettings, isManual);
  return isComplete ? 'COMPLETED' : 'IN_PROGRESS';
}

function isOidcComplete(settings: OidcSettings, isManual: boolean): boolean {
  const { clientId, issuer, discoveryEndpoint, authorizeUri, tokenUri, jwksUri } = settings;
  if (!clientId) return false;
  if (issuer && authorizeUri && tokenUri && jwksUri) return true;
  return !isManual && Boolean(issuer ?? discoveryEndpoint);
}

function isSamlComplete(settings: SamlSettings, isManual: boolean): boolean {
  const { idpMetadataUrl, idpEntityId, idpSsoUrl, idpCertificates = [] } = settings;
  if (idpEntityId && idpSsoUrl && idpCertificates.length > 0) return true;
  return !isManual && Boolean(idpMetadataUrl);
}

/** `current` with what `given` says: undefined says nothing, an empty text clears. */
function merge<T extends object>(current: T, given: Partial<T>): T {
  const changes = Object.entries(given).filter(([, value]) => value !== undefined);
  const merged = { ...current, ...Object.fromEntries(changes) };
  return Object.fromEntries(Object.entries(merged).filter(([, value]) => value !== '')) as T;
}

type Texts<K extends string> = Readonly<Partial<Record<K, string | undefined>>>;

function findBadUrls<K extends string>(given: Texts<K>, names: readonly K[]): FieldViolation[] {
  return names
    .filter((name) => given[name] && !isHttpsUrl(given[name]))
    .map((field) => ({
      field,
      description: `Give an https address of at most ${LIMITS.url} characters, without a user name in it.`,
    }));
}

function isHttpsUrl(text: string): boolean {
  if (text.length > LIMITS.url || !URL.canParse(text)) return false;
  const { protocol, username, password } = new URL(text);
  return protocol === 'https:' && username === '' && password === '';
}

function findBadTexts<K extends string>(given: Texts<K>, names: readonly K[]): FieldViolation[] {
  return names
    .filter((name) => {
      const text = given[name];
      return text !== undefined && (text.length > LIMITS.text || hasControlCharacter(text));
    })
    .map((field) => ({ field, description: `At most ${LIMITS.text} characters, and no line breaks.` }));
}

/** The certificates of `text`, or what is wrong with it. */
function readCertificates(
  text: string,
  known: readonly IdpCertificate[],
  now: Date,
): readonly IdpCertificate[] | string {
  if (text.trim() === '') return [];
  if (text.length > LIMITS.certificateText) return 'This is too long for a certificate.';
  const blocks = text.match(PEM) ?? [`-----BEGIN CERTIFICATE-----\n${text.trim()}\n-----END CERTIFICATE-----`];
  if (blocks.length > LIMITS.certificates) return `At most ${LIMITS.certificates} certificates.`;
  const found = new Map<string, IdpCertificate>();
  for (const block of blocks) {
    const certificate = readCertificate(block, now);
    if (!certificate) return "This is not a certificate. Paste the provider's X.509 signing certificate in PEM format.";
    const before = known.find(({ id }) => id === certificate.id);
    if (!before && new Date(certificate.expiresAt) <= now) {
      return `This certificate expired on ${certificate.expiresAt.slice(0, 10)}. Get the current one from the provider.`;
    }
    found.set(certificate.id, before ?? certificate);
  }
  return [...found.values()];
}

function readCertificate(pem: string, now: Date): IdpCertificate | undefined {
  try {
    const certificate = new X509Certificate(pem);
    return {
      id: certificate.fingerprint256.replaceAll(':', '').toLowerCase(),
      certificate: certificate.toString().trim(),
      issuer: certificate.issuer.replaceAll('\n', ', '),
      addedAt: now.toISOString(),
      expiresAt: new Date(certificate.validTo).toISOString(),
    };
  } catch {
    return undefined;
  }
}

/** Throws for the first of `violations`, with all of them by their names on the wire. */
function refuse(config: string, violations: readonly FieldViolation[]): void {
  const named = violations.map(({ field, description }) => ({
    field: `connection.${config}.${field.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`)}`,
    description,
  }));
  const [first] = named;
  if (first) {
    throw new AppError('invalid_argument', `${first.field}: ${first.description}`, { fieldViolations: named });
  }
}
