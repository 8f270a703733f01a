import type { MessageInitShape } from '@bufbuild/protobuf';
import type {
  ConnectionSchema,
  ConnectionService,
  ListConnectionSchema,
  ToggleConnectionResponseSchema,
  UpdateConnection,
} from '@scalekit-sdk/node/lib/pkg/grpc/scalekit/v1/connections/connections_pb.js';
import type { Context } from '@/lib/core/context';
import { AppError, invalidField } from '@/lib/core/error';
import type { Page } from '@/lib/core/page';
import * as connections from '@/lib/domain/connection/commands';
import { getConnection, listConnections, searchConnections } from '@/lib/domain/connection/queries';
import type { Connection, ListedConnection } from '@/lib/domain/connection/types';
import { assignDomains } from '@/lib/domain/email-domain/commands';
import { listDomainsOfConnections } from '@/lib/domain/email-domain/queries';
import type { ServiceImplementation } from '../descriptors';
import {
  readConfigurationType,
  readConnectionProvider,
  readConnectionStatus,
  readConnectionType,
  readOidc,
  readSaml,
  writeConnection,
  writeListedConnection,
} from './connection-wire';

type ConnectionRef = { readonly organizationId: string; readonly connectionId: string };

/** What `include` may say to list connections that nobody can sign in through yet, too. */
const INCLUDE_ALL = 'all';

/**
 * The part of ConnectionService that configures connections of organizations. Connections are stored whatever the features of the
 * organization are. Nobody signs in through them yet, so enabling one answers why not.
 */
export function createConnectionService(): ServiceImplementation<typeof ConnectionService> {
  return {
    async createConnection({ organizationId, connection }, { ctx }) {
      if (!connection) throw invalidField('connection', 'connection is required.');
      const type = readConnectionType(connection.type);
      if (!type) throw invalidField('connection.type', 'Say whether the connection is OIDC or SAML.');
      const { provider, providerKey, keyId } = connection;
      const created = await connections.createConnection(ctx, {
        organizationId,
        type,
        provider: readConnectionProvider(provider),
        providerKey,
        keyId,
      });
      return { connection: await show(ctx, created) };
    },
    async getConnection({ organizationId, id }, { ctx }) {
      return { connection: await show(ctx, await getConnection(ctx, { organizationId, connectionId: id })) };
    },
    async updateConnection({ organizationId, id, connection }, { ctx }) {
      if (!connection) throw invalidField('connection', 'connection is required.');
      const updated = await connections.updateConnection(ctx, {
        organizationId,
        connectionId: id,
        ...readChange(connection),
      });
      return { connection: await show(ctx, updated) };
    },
    async deleteConnection({ organizationId, id }, { ctx }) {
      await connections.deleteConnection(ctx, { organizationId, connectionId: id });
      return {};
    },
    enableConnection: ({ organizationId, id }, { ctx }) =>
      toggle(ctx, { organizationId, connectionId: id }, connections.enableConnection),
    disableConnection: ({ organizationId, id }, { ctx }) =>
      toggle(ctx, { organizationId, connectionId: id }, connections.disableConnection),
    async assignDomainsToConnection({ organizationId, connectionId, domainIds }, { ctx }) {
      await assignDomains(ctx, { organizationId, connectionId, domainIds });
      return { connection: await show(ctx, await getConnection(ctx, { organizationId, connectionId })) };
    },
    async listConnections({ organizationId, domain, include }, { ctx }) {
      if (include && include !== INCLUDE_ALL) {
        throw invalidField('include', `include may say ${INCLUDE_ALL}, or be left out for active connections only.`);
      }
      const isActive = include !== INCLUDE_ALL;
      return { connections: await showAll(ctx, await listConnections(ctx, { organizationId, domain, isActive })) };
    },
    async listOrganizationConnections({ pageSize, pageToken }, { ctx }) {
      return showPage(ctx, await searchConnections(ctx, { pageSize, pageToken }));
    },
    async searchOrganizationConnections(request, { ctx }) {
      const { query, provider, status, connectionType, enabled, pageSize, pageToken } = request;
      const found = await searchConnections(ctx, {
        search: query,
        provider,
        status: readConnectionStatus(status),
        type: connectionType === undefined ? undefined : readConnectionType(connectionType),
        isEnabled: enabled,
        pageSize,
        pageToken,
      });
      return showPage(ctx, found);
    },
  };
}

/** What an update changes. Fields that cannot say that they are absent mean unchanged when they are empty. */
function readChange(connection: UpdateConnection): connections.ConnectionChange {
  const { settings, attributeMapping, uiButtonTitle } = connection;
  if (settings.case && settings.case !== 'oidcConfig' && settings.case !== 'samlConfig') {
    throw invalidField('connection.settings', 'A connection of an organization has oidc_config or saml_config.');
  }
  const samlTitle = settings.case === 'samlConfig' ? settings.value.uiButtonTitle : undefined;
  return {
    type: readConnectionType(connection.type),
    provider: readConnectionProvider(connection.provider),
    providerKey: connection.providerKey || undefined,
    keyId: connection.keyId,
    isDebugEnabled: connection.debugEnabled,
    uiButtonTitle: uiButtonTitle ?? samlTitle,
    configurationType: readConfigurationType(connection.configurationType),
    attributeMapping: Object.keys(attributeMapping).length > 0 ? attributeMapping : undefined,
    oidc: settings.case === 'oidcConfig' ? readOidc(settings.value) : undefined,
    saml: settings.case === 'samlConfig' ? readSaml(settings.value) : undefined,
  };
}

async function show(ctx: Context, connection: Connection): Promise<MessageInitShape<typeof ConnectionSchema>> {
  const domains = await listDomainsOfConnections(ctx, [connection]);
  return writeConnection(connection, domains.get(connection.id) ?? []);
}

async function showAll(
  ctx: Context,
  found: readonly ListedConnection[],
): Promise<MessageInitShape<typeof ListConnectionSchema>[]> {
  const domains = await listDomainsOfConnections(ctx, found);
  return found.map((connection) => writeListedConnection(connection, domains.get(connection.id) ?? []));
}

async function showPage(ctx: Context, { items, ...page }: Page<ListedConnection>) {
  return { ...page, connections: await showAll(ctx, items) };
}

/** Switches a connection. The contract tells why that cannot be done now in the answer, not as an error. */
async function toggle(
  ctx: Context,
  ref: ConnectionRef,
  command: (ctx: Context, ref: ConnectionRef) => Promise<Connection>,
): Promise<MessageInitShape<typeof ToggleConnectionResponseSchema>> {
  try {
    return { enabled: (await command(ctx, ref)).isEnabled };
  } catch (error) {
    if (!(error instanceof AppError) || error.code !== 'failed_precondition') throw error;
    return { enabled: (await getConnection(ctx, ref)).isEnabled, errorMessage: error.message };
  }
}
