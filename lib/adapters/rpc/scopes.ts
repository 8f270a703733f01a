import type { DescMethodUnary } from '@bufbuild/protobuf';
import type { Actor } from '@/lib/core/context';
import { AppError } from '@/lib/core/error';
import { holdsScope, type Scope, SCOPES } from '@/lib/domain/credential/types';
import { listMethods, rpcPathOf, SERVICES, type ServiceName } from './descriptors';
import { httpRulesOf } from './http-rules';

/** The area of scopes that each service is in. Services that are not in it have no call that is built. */
const AREAS: Readonly<Partial<Record<ServiceName, string>>> = {
  organizations: 'organizations',
  directories: 'directories',
  connections: 'connections',
  domains: 'domains',
  users: 'users',
  roles: 'roles',
  events: 'events',
  clients: 'credentials',
};

/** Where the HTTP verb or the service would say something else, with the reason. */
const EXCEPTIONS: Readonly<Record<string, { readonly scope: Scope; readonly reason: string }>> = {
  '/scalekit.v1.organizations.OrganizationService/GeneratePortalLink': {
    scope: 'portal_links:write',
    reason: 'an application that hands out links needs nothing else',
  },
  '/scalekit.v1.organizations.OrganizationService/GetPortalLinks': { scope: 'portal_links:read', reason: 'as above' },
  '/scalekit.v1.organizations.OrganizationService/DeletePortalLink': {
    scope: 'portal_links:write',
    reason: 'as above',
  },
  '/scalekit.v1.organizations.OrganizationService/DeletePortalLinkByID': {
    scope: 'portal_links:write',
    reason: 'as above',
  },
  '/scalekit.v1.directories.DirectoryService/TriggerDirectorySync': {
    scope: 'directories:write',
    reason: 'the contract binds it to GET although it does something',
  },
  '/scalekit.v1.events.EventsService/ListEvents': {
    scope: 'events:read',
    reason: 'the contract binds it to POST, since its filter is a message',
  },
  '/scalekit.v1.events.EventsService/ListEventsPaginated': { scope: 'events:read', reason: 'as above' },
};

let scopes: ReadonlyMap<DescMethodUnary, string> | undefined;

/**
 * The scope that an API credential needs to call `method`: `read` of its service's area for what the contract binds to GET, else
 * `write`. `admin` for a method of no area.
 */
export function requiredScopeOf(method: DescMethodUnary): string {
  scopes ??= new Map(
    (Object.keys(SERVICES) as ServiceName[]).flatMap((name) =>
      listMethods(SERVICES[name]).map((each) => [each, deriveScope(AREAS[name], each)] as const),
    ),
  );
  return scopes.get(method) ?? 'admin';
}

function deriveScope(area: string | undefined, method: DescMethodUnary): string {
  const exception = EXCEPTIONS[rpcPathOf(method)];
  if (exception) return exception.scope;
  const scope = `${area}:${httpRulesOf(method)[0]?.verb === 'GET' ? 'read' : 'write'}`;
  return (SCOPES as readonly string[]).includes(scope) ? scope : 'admin';
}

/**
 * Throws `permission_denied`, naming the scope, unless an API credential holds `scope`. Other kinds of callers have none and are judged
 * by what they are. @param what the call, for the message
 */
export function requireScope(actor: Actor, scope: string, what: string): void {
  if (actor.kind !== 'apiClient' || holdsScope(actor.scopes, scope)) return;
  throw new AppError('permission_denied', `${what} needs the scope ${scope}, which this access token does not have.`, {
    errorCode: 'MISSING_SCOPE',
    resource: { name: what, requiredPermissions: [scope] },
  });
}
