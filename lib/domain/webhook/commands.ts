import { count, eq } from 'drizzle-orm';
import { type Context, requireManager } from '@/lib/core/context';
import { AppError, invalidField, notFound } from '@/lib/core/error';
import { newId } from '@/lib/core/id';
import { type AddressRules, refusalOfUrl } from '@/lib/core/safe-url';
import { hasControlCharacter } from '@/lib/core/text';
import { database } from '@/lib/db/handle';
import { webhookEndpoint } from '@/lib/db/tables/webhook';
import { wake } from '@/lib/db/wake';
import { EVENT_TYPES } from '../event/types';
import { fromRow } from './row';
import { newWebhookSecret, sealWebhookSecret, unsealWebhookSecret } from './secret';
import {
  SECRET_OVERLAP_HOURS,
  SECRET_OVERLAP_HOURS_MAX,
  WEBHOOK_LIMITS,
  type WebhookEndpoint,
  type WebhookEndpointInput,
} from './types';

const HOUR_MS = 3_600_000;
const KNOWN_TYPES: ReadonlySet<string> = new Set(EVENT_TYPES);
type RowPatch = Partial<typeof webhookEndpoint.$inferInsert>;

/** What of `input` is given, checked. @throws invalid_argument */
function readInput(input: WebhookEndpointInput, rules: AddressRules): RowPatch {
  const { url, description, eventTypes, organizationIds } = input;
  return {
    ...(url !== undefined && { url: readUrl(url, rules) }),
    ...(description !== undefined && { description: readDescription(description) }),
    ...(eventTypes !== undefined && { eventTypes: readTypes(eventTypes) }),
    ...(organizationIds !== undefined && { organizationIds: readOrganizations(organizationIds) }),
  };
}

function readUrl(text: string, rules: AddressRules): string {
  const url = text.trim();
  const refusal =
    url.length > WEBHOOK_LIMITS.urlLength
      ? `At most ${WEBHOOK_LIMITS.urlLength} characters.`
      : refusalOfUrl(url, rules);
  if (refusal !== undefined) throw invalidField('url', refusal);
  return new URL(url).href;
}

function readDescription(text: string): string {
  const description = text.trim();
  if (description.length > WEBHOOK_LIMITS.descriptionLength || hasControlCharacter(description)) {
    throw invalidField('description', `At most ${WEBHOOK_LIMITS.descriptionLength} characters, and no line breaks.`);
  }
  return description;
}

function readTypes(types: readonly string[]): string[] {
  const unknown = types.find((type) => !KNOWN_TYPES.has(type));
  if (unknown !== undefined) {
    throw invalidField(
      'event_types',
      `There is no event type ${unknown.slice(0, 100)}. Choose from the list of types.`,
    );
  }
  return EVENT_TYPES.filter((type) => types.includes(type));
}

function readOrganizations(ids: readonly string[]): string[] {
  const unique = [...new Set(ids.map((id) => id.trim()))];
  if (unique.length > WEBHOOK_LIMITS.organizations) {
    throw invalidField('organization_ids', `At most ${WEBHOOK_LIMITS.organizations}. Leave it empty for all.`);
  }
  const odd = unique.find((id) => !/^org_\d{1,25}$/.test(id));
  if (odd !== undefined)
    throw invalidField('organization_ids', `${odd.slice(0, 100)} is not an id of an organization.`);
  return unique;
}

/**
 * Makes an endpoint, enabled. It is told of what is announced from now on.
 * @param rules what this installation may reach
 * @returns the endpoint, and its secret, which cannot be read again
 * @throws invalid_argument; resource_exhausted when there are too many
 */
export async function createWebhookEndpoint(
  ctx: Context,
  input: WebhookEndpointInput & { readonly url: string },
  rules: AddressRules,
): Promise<{ endpoint: WebhookEndpoint; secret: string }> {
  requireManager(ctx);
  const patch = readInput(input, rules);
  const secret = newWebhookSecret();
  const now = ctx.now();
  const { orm } = database();
  const [existing] = await orm.select({ count: count() }).from(webhookEndpoint);
  if ((existing?.count ?? 0) >= WEBHOOK_LIMITS.endpoints) {
    throw new AppError('resource_exhausted', `There are ${WEBHOOK_LIMITS.endpoints} endpoints. Delete one first.`);
  }
  const isEnabled = input.isEnabled ?? true;
  const [row] = await orm
    .insert(webhookEndpoint)
    .values({
      description: '',
      eventTypes: [],
      organizationIds: [],
      ...patch,
      url: patch.url ?? input.url,
      id: newId('webhookEndpoint', now),
      isEnabled,
      disabledReason: isEnabled ? null : 'operator',
      sealedSecret: sealWebhookSecret(secret),
      createdAt: now,
      updatedAt: now,
    })
    .returning();
  return { endpoint: fromRow(row!, now), secret };
}

/**
 * Changes what is given. While an endpoint is disabled nothing is sent and no new deliveries are made; what waits goes out when it is
 * enabled again, and what was missed can be replayed by a range of time.
 * @throws not_found, invalid_argument
 */
export async function updateWebhookEndpoint(
  ctx: Context,
  id: string,
  input: WebhookEndpointInput,
  rules: AddressRules,
): Promise<WebhookEndpoint> {
  requireManager(ctx);
  const { isEnabled } = input;
  const endpoint = await patchEndpoint(ctx, id, {
    ...readInput(input, rules),
    ...(isEnabled !== undefined && { isEnabled, disabledReason: isEnabled ? null : ('operator' as const) }),
    // Whoever enables it has seen what was wrong.
    ...(isEnabled && { flaggedAt: null }),
  });
  wake('deliveries');
  return endpoint;
}

/** Takes the flag off that given-up deliveries put on the endpoint. They stay in the list. @throws not_found */
export async function clearWebhookFlag(ctx: Context, id: string): Promise<WebhookEndpoint> {
  requireManager(ctx);
  return patchEndpoint(ctx, id, { flaggedAt: null });
}

async function patchEndpoint(ctx: Context, id: string, patch: RowPatch): Promise<WebhookEndpoint> {
  const [row] = await database()
    .orm.update(webhookEndpoint)
    .set({ ...patch, updatedAt: ctx.now() })
    .where(eq(webhookEndpoint.id, id))
    .returning();
  if (!row) throw notFound('webhook endpoint', id);
  return fromRow(row, ctx.now());
}

/** Deletes an endpoint with its deliveries. @throws not_found */
export async function deleteWebhookEndpoint(ctx: Context, id: string): Promise<void> {
  requireManager(ctx);
  const gone = await database().orm.delete(webhookEndpoint).where(eq(webhookEndpoint.id, id)).returning();
  if (gone.length === 0) throw notFound('webhook endpoint', id);
}

/**
 * Gives an endpoint a new secret. Until the overlap ends each delivery carries two signatures, so that the application can change secrets
 * without refusing anything. Of two rotations within an overlap the older secret ends at once.
 * @param input.overlapHours 24 unless given, at most 168; 0 ends the present secret now
 * @returns the new secret, which cannot be read again
 * @throws not_found, invalid_argument
 */
export async function rotateWebhookSecret(
  ctx: Context,
  id: string,
  input: { overlapHours?: number } = {},
): Promise<{ endpoint: WebhookEndpoint; secret: string }> {
  requireManager(ctx);
  const hours = input.overlapHours ?? SECRET_OVERLAP_HOURS;
  if (!Number.isFinite(hours) || hours < 0 || hours > SECRET_OVERLAP_HOURS_MAX) {
    throw invalidField('overlap_hours', `Use a number of hours from 0 to ${SECRET_OVERLAP_HOURS_MAX}.`);
  }
  const secret = newWebhookSecret();
  const now = ctx.now();
  const endpoint = await database().begin(async ({ orm }) => {
    const [current] = await orm.select().from(webhookEndpoint).where(eq(webhookEndpoint.id, id)).for('update');
    if (!current) throw notFound('webhook endpoint', id);
    const [row] = await orm
      .update(webhookEndpoint)
      .set({
        sealedSecret: sealWebhookSecret(secret),
        sealedPreviousSecret: hours === 0 ? null : current.sealedSecret,
        previousSecretUntil: hours === 0 ? null : new Date(now.getTime() + hours * HOUR_MS),
        updatedAt: now,
      })
      .where(eq(webhookEndpoint.id, id))
      .returning();
    return fromRow(row!, now);
  });
  return { endpoint, secret };
}

/** The secrets that sign a delivery at `now`, the newest first, from the sealed columns of its endpoint. */
export function readSigningSecrets(
  sealed: { readonly current: string; readonly previous: string | null; readonly previousUntil: Date | null },
  now: Date,
): string[] {
  const isOverlap = sealed.previous !== null && sealed.previousUntil !== null && sealed.previousUntil > now;
  return [sealed.current, ...(isOverlap ? [sealed.previous!] : [])].map(unsealWebhookSecret);
}
