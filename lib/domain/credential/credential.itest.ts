import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { type Context, newContext, systemContext } from '@/lib/core/context';
import { useSealingSecret } from '@/lib/core/seal';
import { type Database, database } from '@/lib/db/handle';
import { openTestDatabase } from '@/lib/db/testing';
import {
  addCredentialSecret,
  createCredential,
  deleteCredential,
  deleteCredentialSecret,
  ensureInternalCredential,
  ensureSigningKeys,
  requireReadableSeals,
  revokeCredentialSecret,
  rotateCredentialSecret,
  rotateSigningKey,
  updateCredential,
} from './commands';
import {
  authenticateCredential,
  findLiveCredential,
  getCredential,
  getInternalCredential,
  getSigningKey,
  listPublicKeys,
  listSigningKeys,
} from './queries';
import { CREDENTIAL_LIMITS, type NewCredential, SIGNING_KEYS } from './types';

const SECRET = 'a secret for tests that is long enough';
const DAY_MS = 86_400_000;
const ctx: Context = systemContext('test');

let db: Database;
let given: NewCredential;

beforeAll(async () => {
  useSealingSecret(SECRET);
  db = await openTestDatabase();
});

afterAll(() => db.close());

beforeEach(async () => {
  given = await createCredential(ctx, { name: 'Backend' });
});

const at = (time: number | Date): Context => ({ ...ctx, now: () => new Date(time) });
const inSeconds = (seconds: number) => at(Date.now() + seconds * 1000);
const ref = () => ({ id: given.credential.id, secretId: given.secretId });

/** Whether the secret still gets a token. */
async function isAccepted(when: Context, secret: string): Promise<boolean> {
  return (await authenticateCredential(when, { id: given.credential.id, secret })) !== undefined;
}

/** A context of an API credential with these scopes. */
function holding(...scopes: string[]): Context {
  return newContext({ kind: 'apiClient', id: 'skc_1', scopes });
}

describe('a secret', () => {
  test('works until it expires', async () => {
    const { plainSecret } = await addCredentialSecret(ctx, { ...ref(), expiresAt: new Date(Date.now() + 60_000) });
    expect(await isAccepted(inSeconds(59), plainSecret)).toBe(true);
    expect(await isAccepted(inSeconds(61), plainSecret)).toBe(false);
    expect(await isAccepted(inSeconds(61), given.plainSecret)).toBe(true);
  });

  test('that would have expired already is refused', async () => {
    await expect(addCredentialSecret(ctx, { ...ref(), expiresAt: new Date(Date.now() - 1) })).rejects.toMatchObject({
      code: 'invalid_argument',
    });
  });

  test('that is replaced works until the overlap is over, and never longer than it would have', async () => {
    const { plainSecret } = await rotateCredentialSecret(ctx, { ...ref(), overlapSeconds: 600 });
    expect(await isAccepted(inSeconds(599), given.plainSecret)).toBe(true);
    expect(await isAccepted(inSeconds(601), given.plainSecret)).toBe(false);
    expect(await isAccepted(inSeconds(601), plainSecret)).toBe(true);
    await rotateCredentialSecret(ctx, { ...ref(), overlapSeconds: 3600 });
    expect(await isAccepted(inSeconds(601), given.plainSecret)).toBe(false);
  });

  test('that is replaced without an overlap is refused at once', async () => {
    await rotateCredentialSecret(ctx, { ...ref(), overlapSeconds: 0 });
    expect(await isAccepted(ctx, given.plainSecret)).toBe(false);
  });

  test('that does not work any more cannot be replaced', async () => {
    await revokeCredentialSecret(ctx, ref());
    const rotating = rotateCredentialSecret(ctx, { ...ref(), overlapSeconds: 0 });
    await expect(rotating).rejects.toMatchObject({ code: 'failed_precondition' });
  });

  test('is not replaced with an overlap that is too long, negative or no number', async () => {
    for (const overlapSeconds of [CREDENTIAL_LIMITS.overlapSecondsMax + 1, -1, Number.NaN]) {
      const rotating = rotateCredentialSecret(ctx, { ...ref(), overlapSeconds });
      await expect(rotating).rejects.toMatchObject({ code: 'invalid_argument' });
    }
    expect((await getCredential(ctx, given.credential.id)).secrets).toHaveLength(1);
  });

  test('is one of five live ones at most, however many are asked for at once', async () => {
    const made = await Promise.allSettled(Array.from({ length: 8 }, () => addCredentialSecret(ctx, ref())));
    expect(made.filter(({ status }) => status === 'fulfilled')).toHaveLength(4);
    expect(made.find(({ status }) => status === 'rejected')).toMatchObject({
      reason: { code: 'failed_precondition', errorCode: 'TOO_MANY_SECRETS' },
    });
    await rotateCredentialSecret(ctx, { ...ref(), overlapSeconds: 0 });
    const rotating = rotateCredentialSecret(ctx, { ...ref(), overlapSeconds: 0 });
    await expect(rotating).rejects.toMatchObject({ code: 'failed_precondition' });
  });

  test('that is deleted is gone from the list and refused', async () => {
    await deleteCredentialSecret(ctx, ref());
    expect((await getCredential(ctx, given.credential.id)).secrets).toEqual([]);
    expect(await isAccepted(ctx, given.plainSecret)).toBe(false);
    await expect(deleteCredentialSecret(ctx, ref())).rejects.toMatchObject({ code: 'not_found' });
  });

  test('is told as used by calls with its tokens too, to the minute', async () => {
    const { id, secretId } = ref();
    const lastUse = async () => (await getCredential(ctx, id)).secrets[0]!.lastUsedAt?.getTime();
    const start = Date.now();
    await findLiveCredential(at(start), { id, secretId });
    expect(await lastUse()).toBe(start);
    await findLiveCredential(at(start + 50_000), { id, secretId });
    expect(await lastUse()).toBe(start);
    await findLiveCredential(at(start + 70_000), { id, secretId });
    expect(await lastUse()).toBe(start + 70_000);
  });
});

describe('a credential', () => {
  test('holds the scopes that it was given, in order and once, and admin instead of all others', async () => {
    const scopesOf = async (scopes: string[]) =>
      (await createCredential(ctx, { name: 'Scoped', scopes })).credential.scopes;
    expect(await scopesOf(['users:write', 'users:read', 'users:write'])).toEqual(['users:read', 'users:write']);
    expect(await scopesOf(['users:read', 'admin'])).toEqual(['admin']);
    for (const scopes of [[], ['users:delete'], ['events:write']]) {
      await expect(scopesOf(scopes)).rejects.toMatchObject({ code: 'invalid_argument' });
    }
  });

  test('made, changed or taken in hand by another can do no more than that one', async () => {
    const { credential: admin, secretId } = given;
    const { credential: reader } = await createCredential(ctx, { name: 'Reader', scopes: ['users:read'] });
    const caller = holding('credentials:write', 'users:read');
    const refused = [
      () => createCredential(caller, { name: 'More' }),
      () => createCredential(caller, { name: 'More', scopes: ['users:write'] }),
      () => updateCredential(caller, { id: reader.id, scopes: ['users:read', 'roles:read'] }),
      () => updateCredential(caller, { id: admin.id, name: 'Mine' }),
      () => addCredentialSecret(caller, { id: admin.id }),
      () => rotateCredentialSecret(caller, { id: admin.id, secretId, overlapSeconds: 0 }),
      () => revokeCredentialSecret(caller, { id: admin.id, secretId }),
      () => deleteCredentialSecret(caller, { id: admin.id, secretId }),
      () => deleteCredential(caller, { id: admin.id }),
    ];
    for (const one of refused) await expect(one()).rejects.toMatchObject({ code: 'permission_denied' });
    expect(await getCredential(ctx, admin.id)).toEqual(admin);
    await addCredentialSecret(caller, { id: reader.id });
    await updateCredential(caller, { id: reader.id, name: 'Renamed' });
    expect(await getCredential(ctx, reader.id)).toMatchObject({ name: 'Renamed', scopes: ['users:read'] });
  });

  test('loses what is taken from it, though it is renamed at the same time', async () => {
    const { id } = given.credential;
    await Promise.all([
      updateCredential(ctx, { id, scopes: ['users:read'] }),
      updateCredential(ctx, { id, name: 'Renamed' }),
    ]);
    expect(await getCredential(ctx, id)).toMatchObject({ name: 'Renamed', scopes: ['users:read'] });
  });
});

describe('signing keys', () => {
  const START = Date.UTC(2026, 0, 1);

  beforeEach(() => database().sql.rows('delete from signing_key'));

  const listed = async (when: number) => (await listPublicKeys(at(when))).map((jwk) => jwk['kid']);

  test('are listed for a whole period before they sign, and until their last token is dead, for years', async () => {
    const signers: { readonly day: number; readonly kid: string }[] = [];
    const lists = new Map<number, readonly unknown[]>();
    for (let day = 0; day < 1000; day += 5) {
      const time = START + day * DAY_MS;
      await ensureSigningKeys(at(time));
      signers.push({ day, kid: (await getSigningKey(at(time))).kid });
      lists.set(day, await listed(time));
    }
    expect(new Set(signers.map(({ kid }) => kid)).size).toBe(6);
    const periodDays = SIGNING_KEYS.periodMs / DAY_MS;
    for (const [place, { day, kid }] of signers.entries()) {
      expect(lists.get(day - periodDays) ?? [kid], `a period before day ${day}`).toContain(kid);
      const next = signers[place + 1];
      // Until it was replaced it signed tokens, which live for a day.
      if (next) expect(lists.get(next.day), `after day ${day}`).toContain(kid);
    }
    const rows = await database().sql.rows('select id from signing_key');
    expect(rows.length).toBeLessThanOrEqual(3);
  });

  test('that have no successor yet, as in an older installation, get one that is listed long before it signs', async () => {
    await ensureSigningKeys(at(START));
    await database().sql.rows('delete from signing_key where signs_from > $1::timestamptz', [new Date(START)]);
    const late = START + 10 * SIGNING_KEYS.periodMs;
    const { kid } = await getSigningKey(at(late));
    await ensureSigningKeys(at(late));
    const keys = await listSigningKeys(at(late));
    expect(keys.map(({ state }) => state)).toEqual(['signs', 'next']);
    expect(keys[1]!.signsFrom.getTime()).toBe(late + SIGNING_KEYS.leadMs);
    expect((await getSigningKey(at(late + SIGNING_KEYS.leadMs - 1))).kid).toBe(kid);
  });

  test('that are rotated by hand: the one that was listed signs, the old one stays listed for its tokens', async () => {
    await ensureSigningKeys(at(START));
    const [old, next] = await listSigningKeys(at(START));
    const later = START + DAY_MS;
    await rotateSigningKey(at(later));
    expect((await getSigningKey(at(later))).kid).toBe(next!.id);
    const states = (await listSigningKeys(at(later))).map(({ id, state }) => [id, state]);
    expect(states.slice(0, 2)).toEqual([
      [old!.id, 'leaves'],
      [next!.id, 'signs'],
    ]);
    expect(states[2]![1]).toBe('next');
    expect(await listed(later + SIGNING_KEYS.lingerMs - 1)).toContain(old!.id);
    expect(await listed(later + SIGNING_KEYS.lingerMs)).not.toContain(old!.id);
  });

  test('are made once by several starts at the same moment', async () => {
    await Promise.all(Array.from({ length: 4 }, () => ensureSigningKeys(at(START))));
    expect((await listSigningKeys(at(START))).map(({ state }) => state)).toEqual(['signs', 'next']);
  });
});

describe('another sealing secret', () => {
  test('ends the start with a sentence that says what to do, and the right one does not', async () => {
    await ensureSigningKeys(ctx);
    await ensureInternalCredential(ctx);
    await requireReadableSeals(ctx);
    useSealingSecret('another secret that is long enough too');
    await expect(requireReadableSeals(ctx)).rejects.toMatchObject({
      code: 'failed_precondition',
      message: expect.stringMatching(/GATEHOUSE_SECRET is not the one .* backup/),
    });
    await database().sql.rows('delete from signing_key');
    await expect(requireReadableSeals(ctx)).rejects.toThrow('GATEHOUSE_SECRET');
    useSealingSecret(SECRET);
    await requireReadableSeals(ctx);
    await getInternalCredential(ctx);
  });
});
