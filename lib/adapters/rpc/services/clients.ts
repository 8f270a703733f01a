import { ClientSecretStatus } from '@scalekit-sdk/node/lib/pkg/grpc/scalekit/v1/clients/clients_pb.js';
import type { ClientService } from '@scalekit-sdk/node/lib/pkg/grpc/scalekit/v1/clients/clients_pb.js';
import type { Context } from '@/lib/core/context';
import { AppError, invalidField, notFound } from '@/lib/core/error';
import { clampPageSize, type Page, readPageToken, toPage } from '@/lib/core/page';
import * as credentials from '@/lib/domain/credential/commands';
import { getCredential, listCredentials } from '@/lib/domain/credential/queries';
import type { Credential, CredentialSecret } from '@/lib/domain/credential/types';
import type { ServiceImplementation } from '../descriptors';
import { CLIENT_TYPE, refuseLoginFields, writeClient, writeClientSecret } from './client-wire';

const PAGE_SIZE = { default: 10, max: 30 } as const;
const CHANGEABLE = ['name', 'scopes'] as const;

type Changeable = (typeof CHANGEABLE)[number];

/** The calls of ClientService that are about API credentials. Clients of organizations and resources are not built. */
export function createClientService(): ServiceImplementation<typeof ClientService> {
  return {
    async listClient({ filter, includePlainSecret, pageSize, pageToken }, { ctx }) {
      if (includePlainSecret) {
        throw invalidField('include_plain_secret', 'A secret is shown when it is made, and kept as a hash only.');
      }
      const types = filter?.clientType ?? [];
      const isOurs = types.length === 0 || types.some((type) => type.toUpperCase() === CLIENT_TYPE);
      const { items, ...page } = pageOf(isOurs ? await listCredentials(ctx) : [], pageSize, pageToken);
      return { ...page, clients: items.map((credential) => writeClient(credential)) };
    },
    async createClient({ client }, { ctx }) {
      if (!client) throw invalidField('client', 'client is required.');
      if (client.clientType.toUpperCase() !== CLIENT_TYPE) {
        throw invalidField('client.client_type', `client_type must be ${CLIENT_TYPE}.`);
      }
      refuseLoginFields(client);
      const made = await credentials.createCredential(ctx, { name: client.name, scopes: client.scopes });
      return { client: writeClient(made.credential, made) };
    },
    async getClient({ clientId }, { ctx }) {
      return { client: writeClient(await getCredential(ctx, clientId)) };
    },
    async updateClient({ clientId, client, mask }, { ctx }) {
      if (!client) throw invalidField('client', 'client is required.');
      refuseLoginFields(client);
      const isNamed = selectChanges(mask?.paths ?? []);
      const updated = await credentials.updateCredential(ctx, {
        id: clientId,
        name: isNamed('name', client.name !== '') ? client.name : undefined,
        scopes: isNamed('scopes', client.scopes.length > 0) ? client.scopes : undefined,
      });
      return { client: writeClient(updated) };
    },
    async deleteClient({ clientId }, { ctx }) {
      await credentials.deleteCredential(ctx, { id: clientId });
      return {};
    },
    async createClientSecret({ clientId }, { ctx }) {
      const made = await credentials.addCredentialSecret(ctx, { id: clientId });
      const secret = findSecret(made.credential, made.secretId);
      return { plainSecret: made.plainSecret, secret: writeClientSecret(secret) };
    },
    async updateClientSecret({ clientId, secretId, secret, mask }, { ctx }) {
      const other = mask?.paths.find((path) => path !== 'status' && path !== 'secret.status');
      if (other !== undefined) throw invalidField('mask', 'Only the status of a secret can be changed.');
      const ref = { id: clientId, secretId };
      if (secret?.status === ClientSecretStatus.INACTIVE) await credentials.revokeCredentialSecret(ctx, ref);
      return { secret: writeClientSecret(await requireStatus(ctx, ref, secret?.status)) };
    },
    async deleteClientSecret({ clientId, secretId }, { ctx }) {
      await credentials.deleteCredentialSecret(ctx, { id: clientId, secretId });
      return {};
    },
  };
}

/** The secret, if it has the status that was asked for: what was revoked stays so. */
async function requireStatus(
  ctx: Context,
  ref: { id: string; secretId: string },
  status: ClientSecretStatus | undefined,
): Promise<CredentialSecret> {
  const secret = findSecret(await getCredential(ctx, ref.id), ref.secretId);
  if (secret.isLive || status === ClientSecretStatus.INACTIVE) return secret;
  throw new AppError('failed_precondition', 'This secret does not work any more and stays so. Make a new one.');
}

function findSecret(credential: Credential, secretId: string): CredentialSecret {
  const found = credential.secrets.find(({ id }) => id === secretId);
  if (!found) throw notFound('secret', secretId);
  return found;
}

/** Says of a field whether an update changes it: those that its mask names, without a mask those that are not empty. */
function selectChanges(paths: readonly string[]): (field: Changeable, isGiven: boolean) => boolean {
  const named = paths.map((path) => path.replace(/^client\.(?=.)/, ''));
  const unknown = named.find((path) => !(CHANGEABLE as readonly string[]).includes(path));
  if (unknown !== undefined) {
    throw invalidField('mask', `mask names ${unknown}, which cannot be changed. It may name ${CHANGEABLE.join(', ')}.`);
  }
  return (field, isGiven) => (named.length === 0 ? isGiven : named.includes(field));
}

/** There are as many credentials as applications, so a page is cut from all of them. */
function pageOf(all: readonly Credential[], size: number, token: string): Page<Credential> {
  const position = readPageToken(token);
  const limit = clampPageSize(size, PAGE_SIZE.default, PAGE_SIZE.max);
  const keyOf = ({ createdAt, id }: Credential) => `${createdAt.toISOString()}:${id}`;
  const isWithin = (key: string) =>
    !position || (position.direction === 'after' ? key > position.key : key < position.key);
  const within = all.filter((credential) => isWithin(keyOf(credential)));
  const rows = position?.direction === 'before' ? within.toReversed() : within;
  return toPage(rows.slice(0, limit + 1), limit, position, all.length, keyOf);
}
