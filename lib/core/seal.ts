import {
  createCipheriv,
  createDecipheriv,
  createHash,
  createHmac,
  hkdfSync,
  randomBytes,
  timingSafeEqual,
} from 'node:crypto';

const ALGORITHM = 'aes-256-gcm';
const NONCE_BYTES = 12;
const TAG_BYTES = 16;
const VERSION = 'v1';
/** Random bytes are drawn for this many nonces at once: one draw costs as much as a whole sealing does otherwise. */
const NONCES_PER_DRAW = 256;

interface Keys {
  readonly secret: string;
  readonly byPurpose: Map<string, Buffer>;
}

const STORE = Symbol.for('gatehouse.sealing-keys');
const store = globalThis as unknown as { [STORE]?: Keys };

/** Makes `secret` the one that this process seals with. Called at boot, before anything is sealed, and by tests. */
export function useSealingSecret(secret: string): void {
  store[STORE] = { secret, byPurpose: new Map() };
}

function keyFor(purpose: string): Buffer {
  const keys = store[STORE];
  if (!keys) throw new Error('Nothing can be sealed before boot has read the secret.');
  const known = keys.byPurpose.get(purpose);
  if (known) return known;
  const key = Buffer.from(hkdfSync('sha256', keys.secret, 'gatehouse', purpose, 32));
  keys.byPurpose.set(purpose, key);
  return key;
}

let drawn = Buffer.alloc(0);

function newNonce(): Buffer {
  if (drawn.length === 0) drawn = randomBytes(NONCE_BYTES * NONCES_PER_DRAW);
  const nonce = drawn.subarray(0, NONCE_BYTES);
  drawn = drawn.subarray(NONCE_BYTES);
  return nonce;
}

/**
 * Encrypts `text` so that only this installation reads it again. `purpose` is bound in: a value sealed for one column
 * cannot be opened as another.
 */
export function seal(purpose: string, text: string): string {
  const nonce = newNonce();
  const cipher = createCipheriv(ALGORITHM, keyFor(purpose), nonce);
  const sealed = Buffer.concat([nonce, cipher.update(text, 'utf8'), cipher.final(), cipher.getAuthTag()]);
  return `${VERSION}.${sealed.toString('base64url')}`;
}

/** The text that `seal` was given. Throws if the secret, the purpose or the value is not the same. */
export function unseal(purpose: string, sealed: string): string {
  if (!sealed.startsWith(`${VERSION}.`)) throw new Error('This value was not sealed by this service.');
  const bytes = Buffer.from(sealed.slice(VERSION.length + 1), 'base64url');
  const decipher = createDecipheriv(ALGORITHM, keyFor(purpose), bytes.subarray(0, NONCE_BYTES));
  decipher.setAuthTag(bytes.subarray(-TAG_BYTES));
  const text = Buffer.concat([decipher.update(bytes.subarray(NONCE_BYTES, -TAG_BYTES)), decipher.final()]);
  return text.toString('utf8');
}

/** A secret of `bytes` random bytes in base64url: URL-safe, no padding. */
export function newSecret(bytes = 32): string {
  return randomBytes(bytes).toString('base64url');
}

/**
 * The stored form of a random secret: SHA-256 in hex. Right only for secrets with 128 bits or more of entropy, where a slow
 * hash adds nothing.
 */
export function hashSecret(secret: string): string {
  return createHash('sha256').update(secret).digest('hex');
}

/** Whether both texts are equal, in time that does not depend on where they differ. */
export function isSameSecret(a: string, b: string): boolean {
  const key = randomBytes(32);
  const digest = (text: string) => createHmac('sha256', key).update(text).digest();
  return timingSafeEqual(digest(a), digest(b));
}
