import { AppError, notFound } from './error';
import { newId } from './id';

/** Who acts. Permission is decided from this and nothing else. */
export type Actor =
  | { readonly kind: 'operator'; readonly id: string; readonly email: string }
  | { readonly kind: 'customerAdmin'; readonly id: string; readonly email: string; readonly organizationId: string }
  | { readonly kind: 'apiClient'; readonly id: string; readonly scopes: readonly string[] }
  | {
      readonly kind: 'portalSession';
      readonly id: string;
      readonly linkId: string;
      readonly organizationId: string;
      readonly features: readonly string[];
    }
  | {
      readonly kind: 'directoryToken';
      readonly id: string;
      readonly directoryId: string;
      readonly organizationId: string;
    }
  | { readonly kind: 'system'; readonly id: string }
  | { readonly kind: 'anonymous' };

/** What every command and query is given: who acts, the clock, and the request it serves. */
export interface Context {
  readonly actor: Actor;
  readonly requestId: string;
  /** The only clock the domain reads. */
  now(): Date;
  /** Address of the client, for logs and audit. */
  readonly clientAddress?: string;
}

/** A context for one request. */
export function newContext(actor: Actor, options: { requestId?: string; clientAddress?: string } = {}): Context {
  return {
    actor,
    requestId: options.requestId ?? newId('request'),
    now: () => new Date(),
    clientAddress: options.clientAddress,
  };
}

/** A context for what the service does by itself, such as boot and background loops. */
export function systemContext(task: string): Context {
  return newContext({ kind: 'system', id: task });
}

/** A short text that names the actor in events and audit: `operator:acc_1`. */
export function actorName(actor: Actor): string {
  return actor.kind === 'anonymous' ? 'anonymous' : `${actor.kind}:${actor.id}`;
}

/** Throws `permission_denied` unless an operator, an API credential or the service itself acts. */
export function requireManager(ctx: Context): void {
  const { kind } = ctx.actor;
  if (kind === 'operator' || kind === 'apiClient' || kind === 'system') return;
  throw new AppError('permission_denied', 'Only operators and API credentials may do this.');
}

/**
 * Throws unless the actor may act on `organizationId`: managers on all, a portal session or a customer's admin on its own.
 * Another organization's things do not exist for them, so the error is `not_found`.
 */
export function requireOrganization(ctx: Context, organizationId: string): void {
  const { actor } = ctx;
  if (actor.kind === 'operator' || actor.kind === 'apiClient' || actor.kind === 'system') return;
  if ('organizationId' in actor && actor.organizationId === organizationId) return;
  throw notFound('organization', organizationId);
}
