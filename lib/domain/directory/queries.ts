import { and, asc, desc, eq, inArray, isNull } from 'drizzle-orm';
import { type Context, requireOrganization } from '@/lib/core/context';
import { notFound } from '@/lib/core/error';
import { hashSecret } from '@/lib/core/seal';
import { database, type Tx } from '@/lib/db/handle';
import { remember } from '@/lib/db/short-cache';
import { directory, directorySecret } from '@/lib/db/tables/directory';
import { organization } from '@/lib/db/tables/organization';
import type { ResourceType } from '@/lib/scim/attribute';
import { userResourceType } from '@/lib/scim/schema';
import { getOrganization } from '../organization/queries';
import type { DirectoryScope } from '../provisioning/types';
import { extensionSchema } from './extension';
import { fromRow, secretFromRow } from './row';
import type { Directory, DirectorySecret, TokenHolder } from './types';

const isLive = isNull(directory.deletingAt);
const PLAIN_USER_TYPE = userResourceType();

const USER_TYPES_KEPT = 1000;
const userTypes = new Map<string, { state: string; type: ResourceType }>();

/** What a user of this directory is made of: the core schema, the enterprise extension, and the directory's own extensions. */
export function userTypeOf(of: Pick<Directory, 'id' | 'version' | 'updatedAt' | 'customExtensions'>): ResourceType {
  if (of.customExtensions.length === 0) return PLAIN_USER_TYPE;
  // The version of a transaction that came to nothing is given again, at another time.
  const state = `${of.version} ${of.updatedAt.getTime()}`;
  const known = userTypes.get(of.id);
  if (known?.state === state) return known.type;
  if (userTypes.size >= USER_TYPES_KEPT) userTypes.clear();
  const type = userResourceType(of.customExtensions.map(extensionSchema));
  userTypes.set(of.id, { state, type });
  return type;
}

/** A directory as provisioning needs it, to write its people. */
export function scopeOf(of: Directory): DirectoryScope {
  const { id, organizationId, attributeMappings } = of;
  return { organizationId, directoryId: id, userType: userTypeOf(of), attributeMappings };
}

/** One directory of an organization. @throws not_found */
export async function getDirectory(
  ctx: Context,
  ref: { organizationId: string; directoryId: string },
): Promise<Directory> {
  await getOrganization(ctx, ref.organizationId);
  const [row] = await database()
    .orm.select()
    .from(directory)
    .where(and(eq(directory.id, ref.directoryId), eq(directory.organizationId, ref.organizationId), isLive));
  if (!row) throw notFound('directory', ref.directoryId);
  return fromRow(row);
}

/** The directories of an organization: enabled ones first, then the oldest. The SDK takes the first as the primary one. @throws not_found */
export async function listDirectories(ctx: Context, organizationId: string): Promise<Directory[]> {
  await getOrganization(ctx, organizationId);
  const rows = await database()
    .orm.select()
    .from(directory)
    .where(and(eq(directory.organizationId, organizationId), isLive))
    .orderBy(desc(directory.isEnabled), asc(directory.id));
  return rows.map(fromRow);
}

/** The directories of several organizations at once, for lists; organizations without one are left out. */
export async function listDirectoriesOf(
  ctx: Context,
  organizationIds: readonly string[],
): Promise<ReadonlyMap<string, readonly Directory[]>> {
  for (const id of organizationIds) requireOrganization(ctx, id);
  if (organizationIds.length === 0) return new Map();
  const rows = await database()
    .orm.select()
    .from(directory)
    .where(and(inArray(directory.organizationId, [...organizationIds]), isLive))
    .orderBy(desc(directory.isEnabled), asc(directory.id));
  const found = new Map<string, Directory[]>();
  for (const item of rows.map(fromRow))
    found.set(item.organizationId, [...(found.get(item.organizationId) ?? []), item]);
  return found;
}

/** The tokens of a directory, newest first, revoked ones included. @throws not_found */
export async function listSecrets(
  ctx: Context,
  ref: { organizationId: string; directoryId: string },
): Promise<DirectorySecret[]> {
  await getDirectory(ctx, ref);
  const rows = await database()
    .orm.select()
    .from(directorySecret)
    .where(eq(directorySecret.directoryId, ref.directoryId))
    .orderBy(desc(directorySecret.createdAt), desc(directorySecret.id));
  return rows.map((row) => secretFromRow(row, ctx.now()));
}

/** What a bearer token opens, or undefined for one that is unknown, revoked, expired or of something deleted. Cached at most 2 s. */
export async function findTokenHolder(ctx: Context, token: string): Promise<TokenHolder | undefined> {
  const now = ctx.now();
  const tokenHash = hashSecret(token);
  return remember<TokenHolder>(`token:${tokenHash}`, now.getTime(), async () => {
    const [row] = await database()
      .orm.select({ secret: directorySecret, directory, isFeatureEnabled: organization.isDirSyncEnabled })
      .from(directorySecret)
      .innerJoin(directory, eq(directory.id, directorySecret.directoryId))
      .innerJoin(organization, eq(organization.id, directory.organizationId))
      .where(
        and(
          eq(directorySecret.tokenHash, tokenHash),
          isNull(directorySecret.revokedAt),
          isLive,
          isNull(organization.deletingAt),
        ),
      );
    if (!row || (row.secret.expiresAt && row.secret.expiresAt <= now)) return undefined;
    return {
      directory: fromRow(row.directory),
      secretId: row.secret.id,
      isFeatureEnabled: row.isFeatureEnabled,
    };
  });
}

/** The directory with this id, of any organization, or undefined: for attributing requests that showed no token of it. */
export async function findDirectoryById(id: string, source: Tx = database()): Promise<Directory | undefined> {
  const [row] = await source.orm
    .select()
    .from(directory)
    .where(and(eq(directory.id, id), isLive));
  return row && fromRow(row);
}
