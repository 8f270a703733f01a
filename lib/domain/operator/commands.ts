import { and, eq, gt, isNull, sql } from 'drizzle-orm';
import { actorName, type Context, requireManager } from '@/lib/core/context';
import { AppError, invalidField, notFound } from '@/lib/core/error';
import { newId } from '@/lib/core/id';
import { hasControlCharacter } from '@/lib/core/text';
import { hashSecret, newSecret } from '@/lib/core/seal';
import { brokenUniqueConstraint } from '@/lib/db/fault';
import { database, type Tx } from '@/lib/db/handle';
import { account, accountSession, installation, invitation } from '@/lib/db/tables/installation';
import { foldKey } from '@/lib/scim/fold';
import { getOrganization } from '../organization/queries';
import { checkPassword, hashPassword, isPassword, wasteTime } from './password';
import { fromRow, invitationFromRow } from './row';
import {
  type Account,
  ACCOUNT_SESSION_SECONDS,
  type Invitation,
  INVITATION_SECONDS,
  LOCK_SECONDS,
  MAX_FAILED_ATTEMPTS,
  type SignedIn,
} from './types';

const MAX_EMAIL_LENGTH = 254;
const EMAIL = /^[^\s@]+@[^\s@]+$/;

function after(now: Date, seconds: number): Date {
  return new Date(now.getTime() + seconds * 1000);
}

function checkEmail(text: string): string {
  const email = text.trim();
  if (email.length > MAX_EMAIL_LENGTH || hasControlCharacter(email) || !EMAIL.test(email))
    throw invalidField('email', 'Give an email address.');
  return email;
}

interface NewAccount {
  readonly kind: Account['kind'];
  readonly organizationId: string | null;
  readonly email: string;
  readonly name: string;
  readonly passwordHash: string;
}

async function insertAccount(ctx: Context, tx: Tx, fields: NewAccount): Promise<Account> {
  try {
    const [row] = await tx.orm
      .insert(account)
      .values({ ...fields, id: newId('account'), emailKey: foldKey(fields.email), createdAt: ctx.now() })
      .returning();
    return fromRow(row!);
  } catch (error) {
    if (brokenUniqueConstraint(error) === undefined) throw error;
    const description = `Someone already signs in as ${fields.email}.`;
    throw new AppError('already_exists', description, { fieldViolations: [{ field: 'email', description }] });
  }
}

/** Makes the installation's own row, if there is none. Returns its id, which is the environment's. */
export async function ensureInstallation(ctx: Context): Promise<string> {
  return database().begin(async (tx) => {
    await tx.sql.rows('select pg_advisory_xact_lock(724414)');
    const [known] = await tx.orm.select().from(installation);
    if (known) return known.id;
    const id = newId('environment');
    await tx.orm.insert(installation).values({ id, createdAt: ctx.now() });
    return id;
  });
}

/**
 * A one-time token that lets its holder become the first operator, or undefined if there is an operator. Each call makes the
 * token before it worthless.
 */
export async function issueSetupToken(ctx: Context): Promise<string | undefined> {
  if (ctx.actor.kind !== 'system') throw new AppError('permission_denied', 'Only the service itself may do this.');
  return database().begin(async ({ orm }) => {
    const [known] = await orm.select({ id: account.id }).from(account).where(eq(account.kind, 'operator')).limit(1);
    if (known) return undefined;
    const token = newSecret();
    await orm.update(installation).set({ setupTokenHash: hashSecret(token) });
    return token;
  });
}

/** Makes the first operator with the token of the set-up address, which is spent. @throws failed_precondition, invalid_argument */
export async function createFirstOperator(
  ctx: Context,
  input: { token: string; email: string; name: string; password: string },
): Promise<Account> {
  const email = checkEmail(input.email);
  checkPassword(input.password);
  const passwordHash = await hashPassword(input.password);
  return database().begin(async (tx) => {
    const [spent] = await tx.orm
      .update(installation)
      .set({ setupTokenHash: null })
      .where(eq(installation.setupTokenHash, hashSecret(input.token)))
      .returning();
    if (!spent) {
      throw new AppError(
        'failed_precondition',
        'This set-up link is not valid any more. The newest one is printed when the server starts.',
      );
    }
    return insertAccount(ctx, tx, {
      kind: 'operator',
      organizationId: null,
      email,
      name: input.name.trim() || email,
      passwordHash,
    });
  });
}

/** Makes the operator that was given at set-up, if there is no operator yet. */
export async function ensureGivenOperator(ctx: Context, input: { email: string; password: string }): Promise<void> {
  requireManager(ctx);
  const email = checkEmail(input.email);
  checkPassword(input.password);
  const passwordHash = await hashPassword(input.password);
  await database().begin(async (tx) => {
    await tx.sql.rows('select pg_advisory_xact_lock(724414)');
    const [known] = await tx.orm.select({ id: account.id }).from(account).where(eq(account.kind, 'operator')).limit(1);
    if (known) return;
    await insertAccount(ctx, tx, { kind: 'operator', organizationId: null, email, name: email, passwordHash });
    await tx.orm.update(installation).set({ setupTokenHash: null });
  });
}

/**
 * Signs a person in: checks the password and opens a session. Five wrong passwords lock the account for 15 minutes; while it is
 * locked the right one is refused too, in the same words.
 * @throws unauthenticated; resource_exhausted with `retryAfterSeconds` while locked
 */
export async function signIn(
  ctx: Context,
  input: { email: string; password: string; userAgent?: string },
): Promise<SignedIn> {
  const now = ctx.now();
  const { orm } = database();
  const refused = new AppError('unauthenticated', 'This address and password do not match.');
  const [row] = await orm
    .select()
    .from(account)
    .where(eq(account.emailKey, foldKey(input.email.trim())));
  if (!row) {
    await wasteTime(input.password);
    throw refused;
  }
  if (row.lockedUntil && row.lockedUntil > now) {
    await wasteTime(input.password);
    throw new AppError('resource_exhausted', 'Too many wrong passwords. Try again in 15 minutes.', {
      retryAfterSeconds: Math.ceil((row.lockedUntil.getTime() - now.getTime()) / 1000),
    });
  }
  if (!(await isPassword(input.password, row.passwordHash))) {
    // Counted in the statement, so that guesses made at once are all counted.
    await orm
      .update(account)
      .set({
        failedAttempts: sql`${account.failedAttempts} + 1`,
        lockedUntil: sql`case when (${account.failedAttempts} + 1) % ${MAX_FAILED_ATTEMPTS}::int = 0 then ${after(now, LOCK_SECONDS).toISOString()}::timestamptz else ${account.lockedUntil} end`,
      })
      .where(eq(account.id, row.id));
    throw refused;
  }
  const found = fromRow(row);
  if (found.organizationId) {
    const asSystem: Context = { ...ctx, actor: { kind: 'system', id: 'sign-in' } };
    await getOrganization(asSystem, found.organizationId).catch(() => {
      throw refused;
    });
  }
  const session = { id: newId('accountSession'), expiresAt: after(now, ACCOUNT_SESSION_SECONDS) };
  await database().begin(async (tx) => {
    await tx.orm
      .update(account)
      .set({ failedAttempts: 0, lockedUntil: null, lastSignInAt: now })
      .where(eq(account.id, row.id));
    await tx.orm.insert(accountSession).values({
      id: session.id,
      accountId: row.id,
      createdAt: now,
      expiresAt: session.expiresAt,
      userAgent: input.userAgent?.slice(0, 300),
      clientAddress: ctx.clientAddress,
    });
  });
  return { sessionId: session.id, account: found, expiresAt: session.expiresAt };
}

/** Ends a session: its cookie is refused from now on. Ending twice is the same as once. */
export async function signOut(ctx: Context, input: { sessionId: string }): Promise<void> {
  await database()
    .orm.update(accountSession)
    .set({ endedAt: ctx.now() })
    .where(and(eq(accountSession.id, input.sessionId), isNull(accountSession.endedAt)));
}

/** Ends every session of a person, such as after a lost laptop. */
export async function signOutEverywhere(ctx: Context, input: { accountId: string }): Promise<void> {
  requireManager(ctx);
  await database()
    .orm.update(accountSession)
    .set({ endedAt: ctx.now() })
    .where(and(eq(accountSession.accountId, input.accountId), isNull(accountSession.endedAt)));
}

/** Invites an admin of a customer. The token of the address is in the answer and cannot be read back. @throws not_found, already_exists */
export async function inviteCustomerAdmin(
  ctx: Context,
  input: { organizationId: string; email: string },
): Promise<{ invitation: Invitation; token: string }> {
  requireManager(ctx);
  await getOrganization(ctx, input.organizationId);
  const email = checkEmail(input.email);
  const { orm } = database();
  const [known] = await orm
    .select({ id: account.id })
    .from(account)
    .where(eq(account.emailKey, foldKey(email)));
  if (known) {
    const description = `Someone already signs in as ${email}.`;
    throw new AppError('already_exists', description, { fieldViolations: [{ field: 'email', description }] });
  }
  const token = newSecret();
  const now = ctx.now();
  const [row] = await orm
    .insert(invitation)
    .values({
      id: newId('invitation', now),
      organizationId: input.organizationId,
      email,
      tokenHash: hashSecret(token),
      createdBy: actorName(ctx.actor),
      createdAt: now,
      expiresAt: after(now, INVITATION_SECONDS),
    })
    .returning();
  return { invitation: invitationFromRow(row!, now), token };
}

/** Revokes an open invitation. @throws not_found */
export async function revokeInvitation(
  ctx: Context,
  input: { organizationId: string; invitationId: string },
): Promise<void> {
  requireManager(ctx);
  const [row] = await database()
    .orm.update(invitation)
    .set({ revokedAt: ctx.now() })
    .where(and(eq(invitation.id, input.invitationId), eq(invitation.organizationId, input.organizationId)))
    .returning();
  if (!row) throw notFound('invitation', input.invitationId);
}

/** Makes the account of an invited admin and spends the invitation. @throws failed_precondition, invalid_argument, already_exists */
export async function acceptInvitation(
  ctx: Context,
  input: { token: string; name: string; password: string },
): Promise<Account> {
  checkPassword(input.password);
  const passwordHash = await hashPassword(input.password);
  const now = ctx.now();
  const tokenHash = hashSecret(input.token);
  const worthless = new AppError('failed_precondition', 'This invitation is not valid any more. Ask for a new one.');
  const [invited] = await database().orm.select().from(invitation).where(eq(invitation.tokenHash, tokenHash));
  if (!invited) throw worthless;
  const asSystem: Context = { ...ctx, actor: { kind: 'system', id: 'invitation' } };
  // Not inside the transaction: the embedded database has one connection and would wait for itself.
  await getOrganization(asSystem, invited.organizationId).catch(() => {
    throw worthless;
  });
  return database().begin(async (tx) => {
    const [spent] = await tx.orm
      .update(invitation)
      .set({ acceptedAt: now })
      .where(
        and(
          eq(invitation.tokenHash, tokenHash),
          isNull(invitation.acceptedAt),
          isNull(invitation.revokedAt),
          gt(invitation.expiresAt, now),
        ),
      )
      .returning();
    if (!spent) throw worthless;
    return insertAccount(ctx, tx, {
      kind: 'customerAdmin',
      organizationId: spent.organizationId,
      email: spent.email,
      name: input.name.trim() || spent.email,
      passwordHash,
    });
  });
}

/** Removes an admin of a customer, with their sessions. @throws not_found */
export async function removeCustomerAdmin(
  ctx: Context,
  input: { organizationId: string; accountId: string },
): Promise<void> {
  requireManager(ctx);
  const [row] = await database()
    .orm.delete(account)
    .where(
      and(
        eq(account.id, input.accountId),
        eq(account.organizationId, input.organizationId),
        eq(account.kind, 'customerAdmin'),
      ),
    )
    .returning();
  if (!row) throw notFound('admin', input.accountId);
}
