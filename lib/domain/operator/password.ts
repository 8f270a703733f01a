import { randomBytes, scrypt, timingSafeEqual } from 'node:crypto';
import { invalidField } from '@/lib/core/error';
import { MAX_PASSWORD_LENGTH, MIN_PASSWORD_LENGTH } from './types';

/** Parameters of scrypt: about 60 ms and 32 MiB a hash on a small server. They stand in each hash, so they can be raised. */
const COST = 2 ** 15;
const BLOCK_SIZE = 8;
const PARALLELISM = 1;
const KEY_BYTES = 32;
const MAX_MEMORY_BYTES = 64 * 1024 * 1024;

function derive(password: string, salt: Buffer, cost: number): Promise<Buffer> {
  return new Promise((resolve, reject) => {
    const options = { N: cost, r: BLOCK_SIZE, p: PARALLELISM, maxmem: MAX_MEMORY_BYTES };
    scrypt(password.normalize('NFKC'), salt, KEY_BYTES, options, (error, key) =>
      error ? reject(error) : resolve(key),
    );
  });
}

/** Throws `invalid_argument` for a password that is too short or too long. */
export function checkPassword(password: string): void {
  if (password.length < MIN_PASSWORD_LENGTH) {
    throw invalidField('password', `A password has at least ${MIN_PASSWORD_LENGTH} characters.`);
  }
  if (password.length > MAX_PASSWORD_LENGTH) {
    throw invalidField('password', `A password has at most ${MAX_PASSWORD_LENGTH} characters.`);
  }
}

/** The stored form of a password: `scrypt$cost$salt$key`. */
export async function hashPassword(password: string): Promise<string> {
  const salt = randomBytes(16);
  const key = await derive(password, salt, COST);
  return `scrypt$${COST}$${salt.toString('base64')}$${key.toString('base64')}`;
}

/** Whether `password` is the one that was hashed. */
export async function isPassword(password: string, stored: string): Promise<boolean> {
  const [, cost, salt, key] = stored.split('$');
  if (!cost || !salt || !key || password.length > MAX_PASSWORD_LENGTH) return false;
  const expected = Buffer.from(key, 'base64');
  return timingSafeEqual(await derive(password, Buffer.from(salt, 'base64'), Number(cost)), expected);
}

/** Costs what `isPassword` costs, so that an unknown address takes as long as a wrong password. */
export async function wasteTime(password: string): Promise<void> {
  await derive(password.slice(0, MAX_PASSWORD_LENGTH), Buffer.alloc(16), COST);
}
