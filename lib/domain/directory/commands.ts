import { and, eq, gt, isNotNull, isNull, notExists, or, sql } from 'drizzle-orm';
import { actorName, type Context } from '@/lib/core/context';
import { AppError, invalidField, notFound } from '@/lib/core/error';
import { newId } from '@/lib/core/id';
import { hashSecret, newSecret } from '@/lib/core/seal';
import { change } from '@/lib/db/change';
import { database, type Tx } from '@/lib/db/handle';
import { forgetCredentials } from '@/lib/db/short-cache';
import { directory, directorySecret } from '@/lib/db/tables/directory';
import { organization } from '@/lib/db/tables/organization';
import { run } from '@/lib/db/tables/run';
import { wake } from '@/lib/db/wake';
import { PROVIDER_NAMES, type ProviderId } from '@/lib/providers/provider';
import { directoryEvent } from '../event/commands';
import { requireFeature } from '../organization/queries';
import { openRun, tellAttributes } from '../run/commands';
import type { RunKind } from '../run/types';
import { getDirectory, userTypeOf } from './queries';
import { checkMappings } from './attribute-mapping';
import { checkExtensions } from './extension';
import { fromRow, secretFromRow } from './row';
import { type CustomExtension, type Directory, type DirectorySecret, MAX_LIVE_SECRETS, TOKEN_PREFIX } from './types';

const MAX_NAME_LENGTH = 256;
const SUFFIX_LENGTH = 4;

type DirectoryRef = { readonly organizationId: string; readonly directoryId: string };

/** Creates a directory, disabled and in draft. @throws not_found, failed_precondition if the feature is off */
export async function createDirectory(
  ctx: Context,
  input: { organizationId: string; provider: ProviderId; type?: Directory['type']; name?: string },
): Promise<Directory> {
  await requireFeature(ctx, input.organizationId, 'dir_sync');
  const now = ctx.now();
  const [row] = await database()
    .orm.insert(directory)
    .values({
      id: newId('directory', now),
      organizationId: input.organizationId,
      name: checkName(input.name ?? PROVIDER_NAMES[input.provider]),
      type: input.type ?? (input.provider === 'google' ? 'POLL' : 'SCIM'),
      provider: input.provider,
      isEnabled: false,
      status: 'DRAFT',
      attributeMappings: [],
      createdAt: now,
      updatedAt: now,
    })
    .returning();
  return fromRow(row!);
}

function checkName(name: string): string {
  const text = name.trim();
  if (text === '' || text.length > MAX_NAME_LENGTH || text.includes('\u0000')) {
    throw invalidField('name', `A name has 1 to ${MAX_NAME_LENGTH} characters.`);
  }
  return text;
}

type RowPatch = Partial<typeof directory.$inferInsert>;

async function update(
  ctx: Context,
  ref: DirectoryRef,
  patchOf: (current: Directory) => RowPatch | undefined,
): Promise<Directory> {
  await requireFeature(ctx, ref.organizationId, 'dir_sync');
  const updated = await change(ctx, async (tx) => {
    const current = await lock(tx, ref);
    const patch = patchOf(current);
    if (!patch) return { value: current, events: [] };
    const [row] = await tx.orm
      .update(directory)
      .set({ ...patch, version: current.version + 1, updatedAt: ctx.now() })
      .where(eq(directory.id, ref.directoryId))
      .returning();
    const value = fromRow(row!);
    if (isMappedOtherwise(current, value)) await tellAttributes(ctx, tx, ref);
    if (value.isEnabled === current.isEnabled) return { value, events: [] };
    const type = value.isEnabled ? 'organization.directory_enabled' : 'organization.directory_disabled';
    return { value, events: [directoryEvent(type, value)] };
  });
  await forgetCredentials();
  wake('events');
  wake('runs');
  return updated;
}

/** Whether people's custom attributes may differ: what is declared of them decides what a path means. */
function isMappedOtherwise(before: Directory, after: Directory): boolean {
  const describe = (of: Directory) => JSON.stringify([of.attributeMappings, of.customExtensions]);
  return (
    (before.attributeMappings.length > 0 || after.attributeMappings.length > 0) && describe(before) !== describe(after)
  );
}

async function lock(tx: Tx, ref: DirectoryRef): Promise<Directory> {
  const [row] = await tx.orm
    .select()
    .from(directory)
    .where(
      and(
        eq(directory.id, ref.directoryId),
        eq(directory.organizationId, ref.organizationId),
        isNull(directory.deletingAt),
      ),
    )
    .for('no key update');
  if (!row) throw notFound('directory', ref.directoryId);
  return fromRow(row);
}

/** Changes the given fields. Enabling here is the same as `enableDirectory`. @throws not_found, invalid_argument, failed_precondition */
export async function updateDirectory(
  ctx: Context,
  input: DirectoryRef & {
    name?: string;
    provider?: ProviderId;
    type?: Directory['type'];
    status?: Directory['status'];
    isEnabled?: boolean;
    attributeMappings?: Directory['attributeMappings'];
  },
): Promise<Directory> {
  const patch: RowPatch = {
    ...(input.name !== undefined && { name: checkName(input.name) }),
    ...(input.provider !== undefined && { provider: input.provider }),
    ...(input.type !== undefined && { type: input.type }),
    ...(input.status !== undefined && { status: input.status }),
    ...(input.isEnabled !== undefined && { isEnabled: input.isEnabled }),
    ...(input.isEnabled && { status: 'COMPLETED' as const }),
    ...(input.attributeMappings !== undefined && { attributeMappings: [...input.attributeMappings] }),
  };
  return update(ctx, input, (current) => {
    if (input.attributeMappings) checkMappings(input.attributeMappings, userTypeOf(current));
    return Object.keys(patch).length > 0 ? patch : undefined;
  });
}

/**
 * Declares the extension schemas of a directory, all of them: what is not in the list any more is refused in filters and paths from
 * now on, while values that people carry stay. @throws not_found, invalid_argument, failed_precondition
 */
export async function declareExtensions(
  ctx: Context,
  input: DirectoryRef & { extensions: readonly CustomExtension[] },
): Promise<Directory> {
  checkExtensions(input.extensions);
  return update(ctx, input, () => ({
    customExtensions: input.extensions.map(({ urn, attributes }) => ({ urn, attributes: [...attributes] })),
  }));
}

/** Enables a directory: its tokens are accepted from now on. Enabling twice is the same as once. @throws not_found, failed_precondition */
export async function enableDirectory(ctx: Context, ref: DirectoryRef): Promise<Directory> {
  return update(ctx, ref, (current) => (current.isEnabled ? undefined : { isEnabled: true, status: 'COMPLETED' }));
}

/** Disables a directory: its tokens are answered 403 and nobody is changed. @throws not_found, failed_precondition */
export async function disableDirectory(ctx: Context, ref: DirectoryRef): Promise<Directory> {
  return update(ctx, ref, (current) => (current.isEnabled ? { isEnabled: false } : undefined));
}

/**
 * Deletes a directory: its tokens die at once and no query shows it. Its people and groups go in a run, which tells the application of each;
 * the breaker does not hold them. @throws not_found, failed_precondition
 */
export async function deleteDirectory(ctx: Context, ref: DirectoryRef): Promise<void> {
  await requireFeature(ctx, ref.organizationId, 'dir_sync');
  await change(ctx, async (tx) => {
    const current = await lock(tx, ref);
    const [row] = await tx.orm
      .update(directory)
      .set({ isEnabled: false, deletingAt: ctx.now(), version: current.version + 1, updatedAt: ctx.now() })
      .where(eq(directory.id, ref.directoryId))
      .returning();
    const { organizationId, directoryId } = ref;
    await openRun(ctx, tx, {
      kind: 'directory_deleted',
      organizationId,
      directoryId,
      total: await countContents(tx, directoryId),
    });
    return {
      value: undefined,
      events: current.isEnabled ? [directoryEvent('organization.directory_disabled', fromRow(row!))] : [],
    };
  });
  wake('runs');
  await forgetCredentials();
}

async function countContents(tx: Tx, directoryId: string): Promise<number> {
  const [row] = await tx.sql.rows<{ count: number }>(
    `select ((select count(*) from dir_user where directory_id = $1::text)
       + (select count(*) from dir_group where directory_id = $1::text))::int as count`,
    [directoryId],
  );
  return row?.count ?? 0;
}

/** A secret just made. `token` is what the provider presents; it cannot be read back. */
export interface NewDirectorySecret {
  readonly token: string;
  readonly secret: DirectorySecret;
}

async function insertSecret(ctx: Context, tx: Tx, directoryId: string): Promise<NewDirectorySecret> {
  const token = TOKEN_PREFIX + newSecret();
  const now = ctx.now();
  const [row] = await tx.orm
    .insert(directorySecret)
    .values({
      id: newId('secret', now),
      directoryId,
      tokenHash: hashSecret(token),
      suffix: token.slice(-SUFFIX_LENGTH),
      createdBy: actorName(ctx.actor),
      createdAt: now,
    })
    .returning();
  await tx.orm
    .update(directory)
    .set({ status: 'IN_PROGRESS', updatedAt: now })
    .where(and(eq(directory.id, directoryId), eq(directory.status, 'DRAFT')));
  return { token, secret: secretFromRow(row!, now) };
}

/** Makes one more token. @throws not_found; failed_precondition when two live already or the feature is off */
export async function createSecret(ctx: Context, ref: DirectoryRef): Promise<NewDirectorySecret> {
  await requireFeature(ctx, ref.organizationId, 'dir_sync');
  return database().begin(async (tx) => {
    await lock(tx, ref);
    const live = await tx.orm
      .select({ id: directorySecret.id })
      .from(directorySecret)
      .where(
        and(
          eq(directorySecret.directoryId, ref.directoryId),
          isNull(directorySecret.revokedAt),
          or(isNull(directorySecret.expiresAt), gt(directorySecret.expiresAt, ctx.now())),
        ),
      );
    if (live.length >= MAX_LIVE_SECRETS) {
      throw new AppError('failed_precondition', 'Two tokens are in use already. Revoke one before you make another.', {
        errorCode: 'TOO_MANY_SECRETS',
      });
    }
    return insertSecret(ctx, tx, ref.directoryId);
  });
}

/** Makes a new token and revokes all others at once. @throws not_found, failed_precondition */
export async function regenerateSecret(ctx: Context, ref: DirectoryRef): Promise<NewDirectorySecret> {
  await requireFeature(ctx, ref.organizationId, 'dir_sync');
  const made = await database().begin(async (tx) => {
    await lock(tx, ref);
    await tx.orm
      .update(directorySecret)
      .set({ revokedAt: ctx.now() })
      .where(and(eq(directorySecret.directoryId, ref.directoryId), isNull(directorySecret.revokedAt)));
    return insertSecret(ctx, tx, ref.directoryId);
  });
  await forgetCredentials();
  return made;
}

/** Revokes a token: it is refused from now on. Revoking twice is the same as once. @throws not_found */
export async function revokeSecret(ctx: Context, input: DirectoryRef & { secretId: string }): Promise<void> {
  await getDirectory(ctx, input);
  const [row] = await database()
    .orm.update(directorySecret)
    .set({ revokedAt: sql`coalesce(${directorySecret.revokedAt}, ${ctx.now().toISOString()}::timestamptz)` })
    .where(and(eq(directorySecret.id, input.secretId), eq(directorySecret.directoryId, input.directoryId)))
    .returning();
  if (!row) throw notFound('token', input.secretId);
  await forgetCredentials();
}

/** A token's last use is written at most this often: it tells people something, and must not cost a write a request. */
const USE_WRITTEN_EVERY_MS = 60_000;
const usesWritten = new Map<string, number>();

/** Notes that a token was used, about once a minute and without waiting for the write. */
export function markSecretUsed(secretId: string, now: Date): void {
  if (now.getTime() - (usesWritten.get(secretId) ?? 0) < USE_WRITTEN_EVERY_MS) return;
  usesWritten.set(secretId, now.getTime());
  database()
    .orm.update(directorySecret)
    .set({ lastUsedAt: now })
    .where(eq(directorySecret.id, secretId))
    .catch((error: unknown) => {
      usesWritten.delete(secretId);
      console.error('The last use of a directory token was not written:', error);
    });
}

/** Directories that are deleted, or whose organization is, and still have a row; not those whose people a run is telling of. */
export async function listDeletedDirectories(ctx: Context): Promise<string[]> {
  if (ctx.actor.kind !== 'system') throw new AppError('permission_denied', 'Only the service itself may do this.');
  const rows = await database()
    .orm.select({ id: directory.id })
    .from(directory)
    .leftJoin(organization, eq(organization.id, directory.organizationId))
    .where(
      or(
        isNotNull(organization.deletingAt),
        isNull(organization.id),
        and(
          isNotNull(directory.deletingAt),
          notExists(
            database()
              .orm.select({ one: sql`1` })
              .from(run)
              .where(
                and(
                  eq(run.directoryId, directory.id),
                  eq(run.kind, 'directory_deleted' satisfies RunKind),
                  isNull(run.finishedAt),
                ),
              ),
          ),
        ),
      ),
    )
    .limit(100);
  return rows.map((row) => row.id);
}

/** Removes the row of a deleted directory, with its tokens, once its people and groups are gone. */
export async function removeDeletedDirectory(ctx: Context, directoryId: string): Promise<void> {
  if (ctx.actor.kind !== 'system') throw new AppError('permission_denied', 'Only the service itself may do this.');
  await database().orm.delete(directory).where(eq(directory.id, directoryId));
}
