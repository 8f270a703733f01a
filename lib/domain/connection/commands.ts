import { and, eq, isNull } from 'drizzle-orm';
import type { Context } from '@/lib/core/context';
import { AppError, invalidField, notFound } from '@/lib/core/error';
import { newId } from '@/lib/core/id';
import { seal } from '@/lib/core/seal';
import { hasControlCharacter } from '@/lib/core/text';
import { change } from '@/lib/db/change';
import type { Tx } from '@/lib/db/handle';
import { connection } from '@/lib/db/tables/connection';
import { organization } from '@/lib/db/tables/organization';
import { connectionEvent } from '../event/commands';
import { getOrganization, requireFeature } from '../organization/queries';
import { getConnection } from './queries';
import { fromRow, searchKeyOf, suffixOf } from './row';
import { CLIENT_SECRET_PURPOSE } from './sealing';
import { mergeOidc, mergeSaml, statusOf } from './settings';
import {
  type Connection,
  CONNECTION_PROVIDERS,
  type ConnectionProvider,
  type OidcChange,
  type SamlChange,
} from './types';

type ConnectionRef = { readonly organizationId: string; readonly connectionId: string };
type RowPatch = Partial<typeof connection.$inferInsert>;

const LIMITS = { title: 200, providerKey: 100, keyId: 300, mappings: 30, mappingKey: 100, mappingValue: 256 } as const;

/**
 * Whether the actor may write connections of the organization. Those who run the service may whatever its features are: what they
 * store is kept for when the feature is on. A customer's own admin needs single sign-on switched on.
 */
async function requireAccess(ctx: Context, organizationId: string): Promise<void> {
  const { kind } = ctx.actor;
  if (kind === 'operator' || kind === 'apiClient' || kind === 'system') await getOrganization(ctx, organizationId);
  else await requireFeature(ctx, organizationId, 'sso');
}

function isProvider(name: string): name is ConnectionProvider {
  return CONNECTION_PROVIDERS.some((known) => known === name);
}

/** A provider and its key, of which one says the other. @throws invalid_argument if neither is given or they differ */
function readProvider(provider: ConnectionProvider | undefined, key: string | undefined) {
  const name = key?.trim().toUpperCase();
  if (name && (name.length > LIMITS.providerKey || hasControlCharacter(name))) {
    throw invalidField('connection.provider_key', `A provider key has at most ${LIMITS.providerKey} characters.`);
  }
  if (provider && name && isProvider(name) && name !== provider) {
    throw invalidField(
      'connection.provider_key',
      `The provider is ${provider}, its key says ${name}. Give one of them.`,
    );
  }
  if (provider) return { provider, providerKey: name || provider };
  if (!name)
    throw invalidField('connection.provider', 'Name the provider. For one that is not listed there is CUSTOM.');
  return { provider: isProvider(name) ? name : ('CUSTOM' as const), providerKey: name };
}

function readText(field: string, text: string, limit: number): string {
  const value = text.trim();
  if (value.length > limit || hasControlCharacter(value)) {
    throw invalidField(`connection.${field}`, `At most ${limit} characters, and no line breaks.`);
  }
  return value;
}

function readMapping(mapping: Readonly<Record<string, string>>): Record<string, string> {
  const pairs = Object.entries(mapping);
  const isFit =
    pairs.length <= LIMITS.mappings &&
    pairs.every(
      ([key, value]) =>
        key !== '' && key.length <= LIMITS.mappingKey && value !== '' && value.length <= LIMITS.mappingValue,
    );
  if (isFit) return { ...mapping };
  throw invalidField(
    'connection.attribute_mapping',
    `At most ${LIMITS.mappings} attributes, names of 1 to ${LIMITS.mappingKey} and values of 1 to ${LIMITS.mappingValue} characters.`,
  );
}

/**
 * Creates a connection, as an empty draft that is not enabled.
 * @throws not_found, invalid_argument; failed_precondition for a customer without the feature
 */
export async function createConnection(
  ctx: Context,
  input: {
    organizationId: string;
    type: Connection['type'];
    provider?: ConnectionProvider;
    providerKey?: string;
    keyId?: string;
  },
): Promise<Connection> {
  await requireAccess(ctx, input.organizationId);
  const names = readProvider(input.provider, input.providerKey);
  const keyId = readText('key_id', input.keyId ?? '', LIMITS.keyId) || null;
  const now = ctx.now();
  const id = newId('connection', now);
  return change(ctx, async (tx) => {
    await holdOrganization(tx, input.organizationId);
    const [row] = await tx.orm
      .insert(connection)
      .values({
        id,
        organizationId: input.organizationId,
        ...names,
        keyId,
        type: input.type,
        status: 'DRAFT',
        isEnabled: false,
        isDebugEnabled: false,
        uiButtonTitle: '',
        attributeMapping: {},
        settings: {},
        searchKey: searchKeyOf({ id, uiButtonTitle: '', providerKey: names.providerKey }),
        createdAt: now,
        updatedAt: now,
      })
      .returning();
    const value = fromRow(row!);
    return { value, events: [connectionEvent('organization.sso_created', value)] };
  });
}

/** Holds the organization alive until the transaction ends. @throws not_found */
async function holdOrganization(tx: Tx, id: string): Promise<void> {
  const rows = await tx.orm
    .select({ id: organization.id })
    .from(organization)
    .where(and(eq(organization.id, id), isNull(organization.deletingAt)))
    .for('share');
  if (rows.length === 0) throw notFound('organization', id);
}

async function lock(tx: Tx, ref: ConnectionRef): Promise<Connection> {
  const [row] = await tx.orm
    .select()
    .from(connection)
    .where(and(eq(connection.id, ref.connectionId), eq(connection.organizationId, ref.organizationId)))
    .for('no key update');
  if (!row) throw notFound('connection', ref.connectionId);
  return fromRow(row);
}

async function write(tx: Tx, ctx: Context, current: Connection, patch: RowPatch): Promise<Connection> {
  const [row] = await tx.orm
    .update(connection)
    .set({ ...patch, version: current.version + 1, updatedAt: ctx.now() })
    .where(eq(connection.id, current.id))
    .returning();
  return fromRow(row!);
}

/** What a caller may change. Undefined leaves a field as it is; an empty text clears it. */
export interface ConnectionChange {
  readonly type?: Connection['type'];
  readonly provider?: ConnectionProvider;
  readonly providerKey?: string;
  readonly keyId?: string;
  readonly isDebugEnabled?: boolean;
  readonly uiButtonTitle?: string;
  readonly configurationType?: 'DISCOVERY' | 'MANUAL';
  /** Replaces the whole mapping. */
  readonly attributeMapping?: Readonly<Record<string, string>>;
  readonly oidc?: OidcChange;
  readonly saml?: SamlChange;
}

/**
 * Changes the given fields and works out anew how far the configuration is. A client secret is sealed; one that is sent back as the
 * mask that it is shown as stays as it is. Nothing is fetched from the provider.
 * @throws not_found; invalid_argument, also for another type and for settings of the other type; failed_precondition if an enabled
 *   connection would be left incomplete
 */
export async function updateConnection(ctx: Context, input: ConnectionRef & ConnectionChange): Promise<Connection> {
  await requireAccess(ctx, input.organizationId);
  return change(ctx, async (tx) => {
    const current = await lock(tx, input);
    const patch = patchOf(current, input, ctx.now());
    if (current.isEnabled && patch.status !== 'COMPLETED') {
      throw new AppError(
        'failed_precondition',
        'People sign in through this connection. Disable it before you empty it.',
      );
    }
    return { value: await write(tx, ctx, current, patch), events: [] };
  });
}

function patchOf(current: Connection, input: ConnectionChange, now: Date): RowPatch {
  if (input.type !== undefined && input.type !== current.type) {
    throw invalidField('connection.type', `This is a ${current.type} connection. Create another for ${input.type}.`);
  }
  // A provider named again without its key keeps the key it has.
  const isNamed = Boolean(input.providerKey) || (input.provider !== undefined && input.provider !== current.provider);
  const names = isNamed
    ? readProvider(input.provider, input.providerKey)
    : { provider: current.provider, providerKey: current.providerKey };
  const uiButtonTitle =
    input.uiButtonTitle === undefined
      ? current.uiButtonTitle
      : readText('ui_button_title', input.uiButtonTitle, LIMITS.title);
  const configurationType = input.configurationType ?? current.configurationType;
  const settings = settingsOf(current, input, now);
  const secret = secretOf(current, input.oidc?.clientSecret);
  const hadSecret = current.type === 'OIDC' && current.clientSecretMask !== null;
  const hasSecret = secret === undefined ? hadSecret : secret !== '';
  return {
    ...names,
    uiButtonTitle,
    configurationType,
    settings: { ...settings },
    ...(secret !== undefined && {
      sealedClientSecret: secret === '' ? null : seal(CLIENT_SECRET_PURPOSE, secret),
      clientSecretSuffix: secret === '' ? null : suffixOf(secret),
    }),
    ...(input.keyId !== undefined && { keyId: readText('key_id', input.keyId, LIMITS.keyId) || null }),
    ...(input.isDebugEnabled !== undefined && { isDebugEnabled: input.isDebugEnabled }),
    ...(input.attributeMapping !== undefined && { attributeMapping: readMapping(input.attributeMapping) }),
    status: statusOf({ type: current.type, settings, configurationType }, hasSecret),
    searchKey: searchKeyOf({ id: current.id, uiButtonTitle, providerKey: names.providerKey }),
  };
}

function settingsOf(current: Connection, input: ConnectionChange, now: Date): Connection['settings'] {
  if (current.type === 'OIDC') {
    if (input.saml) throw invalidField('connection.saml_config', 'This is an OIDC connection. Send oidc_config.');
    return input.oidc ? mergeOidc(current.settings, input.oidc) : current.settings;
  }
  if (input.oidc) throw invalidField('connection.oidc_config', 'This is a SAML connection. Send saml_config.');
  return input.saml ? mergeSaml(current.settings, input.saml, now) : current.settings;
}

/** The new client secret, empty to remove it; undefined to keep what there is. */
function secretOf(current: Connection, given: string | undefined): string | undefined {
  const isMask = current.type === 'OIDC' && given !== undefined && given === current.clientSecretMask;
  return isMask ? undefined : given;
}

/** Deletes a connection; its domains stay, without one. @throws not_found */
export async function deleteConnection(ctx: Context, ref: ConnectionRef): Promise<void> {
  await requireAccess(ctx, ref.organizationId);
  await change(ctx, async (tx) => {
    const current = await lock(tx, ref);
    await tx.orm.delete(connection).where(eq(connection.id, ref.connectionId));
    const deleted = { ...current, isEnabled: false, version: current.version + 1, updatedAt: ctx.now() };
    return { value: undefined, events: [connectionEvent('organization.sso_deleted', deleted)] };
  });
}

/**
 * Would enable a connection; always refused, since nobody can sign in through one yet.
 * @throws not_found, failed_precondition
 */
export async function enableConnection(ctx: Context, ref: ConnectionRef): Promise<Connection> {
  await requireAccess(ctx, ref.organizationId);
  await getConnection(ctx, ref);
  throw new AppError(
    'failed_precondition',
    'Sign-in through connections is not available yet on this server. The configuration is kept for when it is.',
    { errorCode: 'SSO_NOT_AVAILABLE' },
  );
}

/** Disables a connection: nobody signs in through it. Disabling twice is the same as once. @throws not_found */
export async function disableConnection(ctx: Context, ref: ConnectionRef): Promise<Connection> {
  await requireAccess(ctx, ref.organizationId);
  return change(ctx, async (tx) => {
    const current = await lock(tx, ref);
    if (!current.isEnabled) return { value: current, events: [] };
    const value = await write(tx, ctx, current, { isEnabled: false });
    return { value, events: [connectionEvent('organization.sso_disabled', value)] };
  });
}
