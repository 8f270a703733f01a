import type { DescMethodUnary } from '@bufbuild/protobuf';
import type { Actor } from '@/lib/core/context';
import { AppError } from '@/lib/core/error';
import { rpcPathOf } from './descriptors';
import { readOption } from './wire';

/** Kinds of callers that the contract tells apart, by their bit in a method's auth option. */
export const CALLER_BITS = {
  anyone: 1,
  client: 4,
  user: 8,
  session: 16,
  customerPortal: 32,
  workspace: 64,
  actionsPortal: 128,
} as const;

export type CallerKind = keyof typeof CALLER_BITS;

const AUTH_OPTION = 50000;
const PERMISSIONS_FIELD = 1;
const CALLERS_FIELD = 3;

/** Methods that the descriptors keep from API credentials and we do not, with the reason. */
const ALSO_FOR_CLIENTS: Readonly<Record<string, string>> = {
  '/scalekit.v1.organizations.OrganizationService/GetPortalLinks':
    'whoever may make a link may see which links are live',
  '/scalekit.v1.organizations.OrganizationService/DeletePortalLink':
    'whoever may revoke one link may revoke all of an organization',
};

/** What a method's auth option says: which callers it admits, and the permissions that a session needs. */
export interface AuthRule {
  readonly callers: readonly CallerKind[];
  readonly permissions: readonly string[];
}

const rules = new WeakMap<DescMethodUnary, AuthRule>();

/** The auth rule of `method`. A method without the option admits API credentials only. */
export function authRuleOf(method: DescMethodUnary): AuthRule {
  let rule = rules.get(method);
  if (!rule) {
    const option = readOption(method.proto.options, AUTH_OPTION);
    let mask = option?.number(CALLERS_FIELD) ?? CALLER_BITS.client;
    if (rpcPathOf(method) in ALSO_FOR_CLIENTS) mask |= CALLER_BITS.client;
    const kinds = Object.keys(CALLER_BITS) as CallerKind[];
    rule = {
      callers: kinds.filter((kind) => (mask & CALLER_BITS[kind]) !== 0),
      permissions: option?.texts(PERMISSIONS_FIELD) ?? [],
    };
    rules.set(method, rule);
  }
  return rule;
}

/** Whether anyone may call `method` without credentials. */
export function isPublic(method: DescMethodUnary): boolean {
  return authRuleOf(method).callers.includes('anyone');
}

/** Throws `permission_denied` unless `actor` is of a kind that `method` admits. What it may see is for the command to say. */
export function requireCaller(method: DescMethodUnary, actor: Actor): void {
  if (actor.kind === 'system' || isPublic(method)) return;
  const kind = callerKindOf(actor);
  if (kind && authRuleOf(method).callers.includes(kind)) return;
  throw new AppError('permission_denied', `${method.name} may not be called with this kind of credential.`);
}

function callerKindOf(actor: Actor): CallerKind | undefined {
  switch (actor.kind) {
    case 'apiClient':
      return 'client';
    case 'operator':
      return 'workspace';
    case 'portalSession':
      return 'customerPortal';
    case 'customerAdmin':
      return 'session';
    default:
      return undefined;
  }
}
