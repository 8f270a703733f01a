import { exportJWK, generateKeyPair } from 'jose';
import { newId } from '@/lib/core/id';
import { seal } from '@/lib/core/seal';
import type { signingKey } from '@/lib/db/tables/installation';
import { SIGNING_KEY_PURPOSE } from './sealing';
import type { SigningKey } from './types';

/** What every client can check: the SDKs for Python and Go take no other. */
const SIGNING_ALGORITHM = 'RS256';

/** What a new key pair is stored as; when it begins to sign is for the caller to say. */
export type KeyPair = Pick<typeof signingKey.$inferInsert, 'id' | 'algorithm' | 'publicJwk' | 'sealedPrivateJwk'>;

/** A new key pair, the private half sealed. */
export async function newKeyPair(): Promise<KeyPair> {
  const { privateKey, publicKey } = await generateKeyPair(SIGNING_ALGORITHM, { extractable: true });
  const id = newId('signingKey');
  return {
    id,
    algorithm: SIGNING_ALGORITHM,
    publicJwk: { ...(await exportJWK(publicKey)), kid: id, alg: SIGNING_ALGORITHM, use: 'sig' },
    sealedPrivateJwk: seal(SIGNING_KEY_PURPOSE, JSON.stringify(await exportJWK(privateKey))),
  };
}

/** The keys as people are told of them, oldest first. */
export function describeKeys(rows: readonly (typeof signingKey.$inferSelect)[], now: Date): SigningKey[] {
  const ordered = rows.toSorted((a, b) => a.signsFrom.getTime() - b.signsFrom.getTime());
  const signing = ordered.findLast(({ signsFrom }) => signsFrom <= now);
  return ordered.map((row) => ({
    id: row.id,
    state: row === signing ? 'signs' : row.signsFrom > now ? 'next' : 'leaves',
    createdAt: row.createdAt,
    signsFrom: row.signsFrom,
    retiredAt: row.retiredAt,
  }));
}
