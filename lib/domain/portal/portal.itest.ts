import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { type Context, newContext } from '@/lib/core/context';
import type { Database } from '@/lib/db/handle';
import { openTestDatabase } from '@/lib/db/testing';
import { createOrganization, deleteOrganization, setFeatures } from '../organization/commands';
import { createLink, redeemLink, revokeAllLinks, revokeLink } from './commands';
import { findVisit } from './queries';

const operator = newContext({ kind: 'operator', id: 'acc_1', email: 'op@example.com' });
const visitor = newContext({ kind: 'anonymous' });
let db: Database;
let organizationId: string;

beforeAll(async () => {
  db = await openTestDatabase();
});
afterAll(() => db.close());
beforeEach(async () => {
  organizationId = (await createOrganization(operator, { displayName: 'Acme' })).id;
});

/** The same context at another time. */
function at(ctx: Context, ms: number): Context {
  return { ...ctx, now: () => new Date(Date.now() + ms) };
}

async function openSession() {
  const { token, link } = await createLink(operator, { organizationId, kind: 'share' });
  return { link, token, ...(await redeemLink(visitor, { token })) };
}

test('a session is over once its link is revoked, by id or by address, and with all links', async () => {
  for (const revoke of [
    (s: { link: { id: string } }) => revokeLink(operator, { organizationId, link: s.link.id }),
    (s: { token: string }) => revokeLink(operator, { organizationId, link: s.token }),
    () => revokeAllLinks(operator, { organizationId }),
  ]) {
    const session = await openSession();
    expect((await findVisit(visitor, session)).organization.id).toBe(organizationId);
    await revoke(session);
    await expect(findVisit(visitor, session)).rejects.toMatchObject({
      code: 'unauthenticated',
      errorCode: 'SESSION_EXPIRED',
    });
    await expect(redeemLink(visitor, session)).rejects.toMatchObject({ errorCode: 'LINK_REVOKED' });
  }
});

test('switching a feature off ends the sessions, and switching it on again does not bring them back', async () => {
  const session = await openSession();
  await setFeatures(operator, { id: organizationId, features: [{ name: 'sso', enabled: true }] });
  expect((await findVisit(visitor, session)).features).toEqual(['dir_sync', 'sso']);
  await setFeatures(operator, { id: organizationId, features: [{ name: 'dir_sync', enabled: false }] });
  await expect(findVisit(visitor, session)).rejects.toMatchObject({ errorCode: 'SESSION_EXPIRED' });
  await setFeatures(operator, { id: organizationId, features: [{ name: 'dir_sync', enabled: true }] });
  await expect(findVisit(visitor, session)).rejects.toMatchObject({ errorCode: 'SESSION_EXPIRED' });
  const later = await redeemLink(at(visitor, 1000), session);
  expect((await findVisit(visitor, later)).organization.id).toBe(organizationId);
});

test('deleting the organization ends its sessions and its links', async () => {
  const session = await openSession();
  await deleteOrganization(operator, { id: organizationId });
  await expect(findVisit(visitor, session)).rejects.toMatchObject({ errorCode: 'SESSION_EXPIRED' });
  await expect(redeemLink(visitor, session)).rejects.toMatchObject({ errorCode: 'LINK_REVOKED' });
});

test('a shared link opens for 7 days, an embedded one for a minute and once, a session for 6 hours', async () => {
  const minute = 60_000;
  const day = 24 * 60 * minute;
  const shared = await createLink(operator, { organizationId, kind: 'share' });
  await redeemLink(at(visitor, 7 * day - minute), { token: shared.token });
  await expect(redeemLink(at(visitor, 7 * day + 1000), { token: shared.token })).rejects.toMatchObject({
    errorCode: 'LINK_EXPIRED',
  });
  const embedded = await createLink(operator, { organizationId, kind: 'embed' });
  await expect(redeemLink(at(visitor, minute + 1000), { token: embedded.token })).rejects.toMatchObject({
    errorCode: 'LINK_EXPIRED',
  });
  const session = await redeemLink(visitor, { token: embedded.token });
  await expect(redeemLink(visitor, { token: embedded.token })).rejects.toMatchObject({
    errorCode: 'LINK_ALREADY_USED',
  });
  await findVisit(at(visitor, 6 * 60 * minute - minute), session);
  await expect(findVisit(at(visitor, 6 * 60 * minute + 1000), session)).rejects.toMatchObject({
    errorCode: 'SESSION_EXPIRED',
  });
});

test('a link of another organization cannot be revoked from here', async () => {
  const other = await createOrganization(operator, { displayName: 'Other' });
  const { link, token } = await createLink(operator, { organizationId: other.id, kind: 'share' });
  await expect(revokeLink(operator, { organizationId, link: link.id })).rejects.toMatchObject({ code: 'not_found' });
  expect((await redeemLink(visitor, { token })).organizationId).toBe(other.id);
});

test('the address of a link is kept nowhere as it is', async () => {
  const { token } = await createLink(operator, { organizationId, kind: 'share' });
  const rows = await db.sql.rows('select l::text as text from portal_link l');
  expect(JSON.stringify(rows)).not.toContain(token);
});
