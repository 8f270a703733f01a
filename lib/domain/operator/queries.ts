import { and, asc, desc, eq, gt, isNull } from 'drizzle-orm';
import { type Context, requireManager } from '@/lib/core/context';
import { hashSecret } from '@/lib/core/seal';
import { database, type Tx } from '@/lib/db/handle';
import { account, accountSession, installation, invitation } from '@/lib/db/tables/installation';
import { organization } from '@/lib/db/tables/organization';
import { fromRow, invitationFromRow } from './row';
import type { Account, Invitation, SignedIn } from './types';

/** The live session with this id, or undefined when it ended, expired, or its customer was deleted. */
export async function findSignedIn(ctx: Context, sessionId: string): Promise<SignedIn | undefined> {
  const [row] = await database()
    .orm.select({
      session: accountSession,
      account,
      organizationDeletedAt: organization.deletingAt,
      organizationId: organization.id,
    })
    .from(accountSession)
    .innerJoin(account, eq(account.id, accountSession.accountId))
    .leftJoin(organization, eq(organization.id, account.organizationId))
    .where(
      and(eq(accountSession.id, sessionId), isNull(accountSession.endedAt), gt(accountSession.expiresAt, ctx.now())),
    );
  if (!row) return undefined;
  if (row.account.organizationId && (!row.organizationId || row.organizationDeletedAt)) return undefined;
  return { sessionId, account: fromRow(row.account), expiresAt: row.session.expiresAt };
}

/** Whether anyone can sign in to the dashboard yet. */
export async function hasOperator(): Promise<boolean> {
  const rows = await database()
    .orm.select({ id: account.id })
    .from(account)
    .where(eq(account.kind, 'operator'))
    .limit(1);
  return rows.length > 0;
}

/** Whether `token` is the set-up token that is valid now. */
export async function isSetupToken(token: string): Promise<boolean> {
  const rows = await database()
    .orm.select({ id: installation.id })
    .from(installation)
    .where(eq(installation.setupTokenHash, hashSecret(token)));
  return rows.length > 0;
}

/** The installation's id, which is the environment's. @param source the open transaction, if there is one */
export async function getEnvironmentId(source: Tx = database()): Promise<string> {
  const [row] = await source.orm.select({ id: installation.id }).from(installation);
  if (!row) throw new Error('The installation has no row: boot did not finish.');
  return row.id;
}

/** Admins of a customer, and the invitations that are open or lapsed. */
export async function listCustomerAdmins(
  ctx: Context,
  organizationId: string,
): Promise<{ admins: Account[]; invitations: Invitation[] }> {
  requireManager(ctx);
  const { orm } = database();
  const [admins, invitations] = await Promise.all([
    orm.select().from(account).where(eq(account.organizationId, organizationId)).orderBy(asc(account.email)),
    orm
      .select()
      .from(invitation)
      .where(eq(invitation.organizationId, organizationId))
      .orderBy(desc(invitation.createdAt)),
  ]);
  return {
    admins: admins.map(fromRow),
    invitations: invitations
      .map((row) => invitationFromRow(row, ctx.now()))
      .filter((item) => item.state !== 'accepted'),
  };
}

/** The open invitation with this token, and the name of its customer, or undefined. */
export async function findInvitation(
  ctx: Context,
  token: string,
): Promise<{ invitation: Invitation; organizationName: string } | undefined> {
  const [row] = await database()
    .orm.select({ invitation, organizationName: organization.displayName })
    .from(invitation)
    .innerJoin(organization, and(eq(organization.id, invitation.organizationId), isNull(organization.deletingAt)))
    .where(eq(invitation.tokenHash, hashSecret(token)));
  if (!row) return undefined;
  const found = invitationFromRow(row.invitation, ctx.now());
  return found.state === 'open' ? { invitation: found, organizationName: row.organizationName } : undefined;
}
