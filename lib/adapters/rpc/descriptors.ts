import type { DescMethodUnary, DescService, MessageInitShape, MessageShape } from '@bufbuild/protobuf';
import { AuditLogsService } from '@scalekit-sdk/node/lib/pkg/grpc/scalekit/v1/auditlogs/auditlogs_pb.js';
import { AuthService } from '@scalekit-sdk/node/lib/pkg/grpc/scalekit/v1/auth/auth_pb.js';
import { PasswordlessService } from '@scalekit-sdk/node/lib/pkg/grpc/scalekit/v1/auth/passwordless_pb.js';
import { WebAuthnService } from '@scalekit-sdk/node/lib/pkg/grpc/scalekit/v1/auth/webauthn_pb.js';
import { ClientService } from '@scalekit-sdk/node/lib/pkg/grpc/scalekit/v1/clients/clients_pb.js';
import { ConnectedAccountService } from '@scalekit-sdk/node/lib/pkg/grpc/scalekit/v1/connected_accounts/connected_accounts_pb.js';
import { ConnectionService } from '@scalekit-sdk/node/lib/pkg/grpc/scalekit/v1/connections/connections_pb.js';
import { DirectoryService } from '@scalekit-sdk/node/lib/pkg/grpc/scalekit/v1/directories/directories_pb.js';
import { DomainService } from '@scalekit-sdk/node/lib/pkg/grpc/scalekit/v1/domains/domains_pb.js';
import { Dummy } from '@scalekit-sdk/node/lib/pkg/grpc/scalekit/v1/errdetails/errdetails_pb.js';
import { EventsService } from '@scalekit-sdk/node/lib/pkg/grpc/scalekit/v1/events/events_pb.js';
import { OrganizationService } from '@scalekit-sdk/node/lib/pkg/grpc/scalekit/v1/organizations/organizations_pb.js';
import { RolesService } from '@scalekit-sdk/node/lib/pkg/grpc/scalekit/v1/roles/roles_pb.js';
import { SessionService } from '@scalekit-sdk/node/lib/pkg/grpc/scalekit/v1/sessions/sessions_pb.js';
import { ApiTokenService } from '@scalekit-sdk/node/lib/pkg/grpc/scalekit/v1/tokens/tokens_pb.js';
import { ToolService } from '@scalekit-sdk/node/lib/pkg/grpc/scalekit/v1/tools/tools_pb.js';
import { UserService } from '@scalekit-sdk/node/lib/pkg/grpc/scalekit/v1/users/users_pb.js';
import type { CallContext } from './context';

/**
 * Every service of the official SDK's descriptors, built here or not, so that a call that is not built is answered as
 * such. The keys are the names by which implementations are given to `createRpc`.
 */
export const SERVICES = {
  auditLogs: AuditLogsService,
  auth: AuthService,
  clients: ClientService,
  connectedAccounts: ConnectedAccountService,
  connections: ConnectionService,
  directories: DirectoryService,
  domains: DomainService,
  dummy: Dummy,
  events: EventsService,
  organizations: OrganizationService,
  passwordless: PasswordlessService,
  roles: RolesService,
  sessions: SessionService,
  tokens: ApiTokenService,
  tools: ToolService,
  users: UserService,
  webAuthn: WebAuthnService,
} as const;

export type ServiceName = keyof typeof SERVICES;

/** What answers one service: any of its methods, by camelCase name. A method that is left out is "not built". */
export type ServiceImplementation<S extends DescService> = {
  readonly [K in keyof S['method']]?: S['method'][K] extends DescMethodUnary<infer I, infer O>
    ? (request: MessageShape<I>, call: CallContext) => Promise<MessageInitShape<O>>
    : never;
};

/** What answers each service, by the keys of `SERVICES`. */
export type ServiceImplementations = {
  readonly [K in ServiceName]?: ServiceImplementation<(typeof SERVICES)[K]>;
};

/** All services with the keys of `SERVICES`. */
export function listServices(): readonly (readonly [ServiceName, DescService])[] {
  return Object.entries(SERVICES) as (readonly [ServiceName, DescService])[];
}

/** All methods of `service`. The contract has unary methods only; throws for any other, which would need new code. */
export function listMethods(service: DescService): readonly DescMethodUnary[] {
  const unary = service.methods.filter((method): method is DescMethodUnary => method.methodKind === 'unary');
  if (unary.length < service.methods.length) throw new Error(`${service.typeName} has methods that are not unary.`);
  return unary;
}

/** The path of a method on the wire: `/scalekit.v1.organizations.OrganizationService/GetOrganization`. */
export function rpcPathOf(method: DescMethodUnary): string {
  return `/${method.parent.typeName}/${method.name}`;
}
