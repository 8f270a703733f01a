import { create } from '@bufbuild/protobuf';
import { timestampFromDate } from '@bufbuild/protobuf/wkt';
import { connectNodeAdapter } from '@connectrpc/connect-node';
import { DirectoryService } from '@scalekit-sdk/node/lib/pkg/grpc/scalekit/v1/directories/directories_pb.js';
import {
  GeneratePortalLinkResponseSchema,
  OrganizationService,
} from '@scalekit-sdk/node/lib/pkg/grpc/scalekit/v1/organizations/organizations_pb.js';
import { createHash, randomUUID } from 'node:crypto';
import http from 'node:http';
import http2 from 'node:http2';
import net from 'node:net';
import { systemContext } from '@/lib/core/context';
import { newId } from '@/lib/core/id';
import { asDate, openEmbedded, openServer, useDatabase } from '@/lib/db/handle';
import { migrate } from '@/lib/db/migrate';
import { createDirectory } from '@/lib/domain/directory/commands';
import { createOrganization, setFeatures } from '@/lib/domain/organization/commands';
import { createUser } from '@/lib/domain/provisioning/commands';
import { listToldUsers } from '@/lib/domain/provisioning/queries';
import { API_PEOPLE, PAGE_SIZE } from './api-sizes.mjs';
import { newPerson } from './requests.mjs';

/**
 * The bare ceiling of the management API, as a process of its own: two handlers behind connect-node that run the statements of the service
 * and nothing else: no token, no validation, no limits. What a list reads is noted from the service's own query; the three statements that
 * look up and insert one row by key are written here.
 */

/** @typedef {{text: string, values: readonly import('@/lib/db/handle').SqlValue[]}} Statement */

const GET_ORGANIZATION = 'select * from organization where id = $1 and deleting_at is null';
const GET_DIRECTORY = 'select * from directory where id = $1 and organization_id = $2 and deleting_at is null';
const INSERT_LINK = `insert into portal_link (id, organization_id, kind, token_hash, features, created_by, created_at, expires_at)
  values ($1, $2, 'embed', $3, null, 'system:bench', $4, $5) returning *`;
const LINK_MS = 60_000;

const url = process.env['BENCH_DATABASE_URL'];
const db = url ? await openServer(url) : await openEmbedded(process.env['BENCH_DATA_DIR']);
await migrate(db);
useDatabase(db);
const ctx = systemContext('bench');

/** The statements that `work` sends. @param {() => Promise<unknown>} work @returns {Promise<Statement[]>} */
async function noteStatements(work) {
  /** @type {Statement[]} */
  const noted = [];
  const rows = (/** @type {string} */ text, /** @type {Statement['values']} */ values = []) => {
    noted.push({ text, values });
    return db.sql.rows(text, values);
  };
  useDatabase({ ...db, sql: { ...db.sql, rows: /** @type {typeof db.sql.rows} */ (rows) } });
  await work();
  useDatabase(db);
  return noted;
}

const organization = await createOrganization(ctx, { displayName: 'Acme' });
const organizationId = organization.id;
await setFeatures(ctx, { id: organizationId, features: [{ name: 'dir_sync', enabled: true }] });
const { id: directoryId } = await createDirectory(ctx, { organizationId, provider: 'okta', type: 'SCIM' });
for (let at = 0; at < API_PEOPLE; at += 1)
  await createUser(ctx, { organizationId, directoryId }, newPerson(`ann-${at}`));
const list = await noteStatements(() => listToldUsers(ctx, { organizationId, directoryId, pageSize: PAGE_SIZE }));

/** @param {import('@connectrpc/connect').ConnectRouter} router */
function routes(router) {
  router.service(OrganizationService, {
    async generatePortalLink() {
      await db.sql.rows(GET_ORGANIZATION, [organizationId]);
      const token = randomUUID();
      const now = new Date();
      const expiresAt = new Date(now.getTime() + LINK_MS);
      const hash = createHash('sha256').update(token).digest('hex');
      await db.sql.rows(INSERT_LINK, [newId('portalLink'), organizationId, hash, now, expiresAt]);
      return create(GeneratePortalLinkResponseSchema, {
        link: { id: token, location: `http://localhost/magicLink/${token}`, expireTime: timestampFromDate(expiresAt) },
      });
    },
  });
  router.service(DirectoryService, {
    async listDirectoryUsers() {
      await db.sql.rows(GET_ORGANIZATION, [organizationId]);
      await db.sql.rows(GET_ORGANIZATION, [organizationId]);
      await db.sql.rows(GET_DIRECTORY, [directoryId, organizationId]);
      const results = [];
      for (const { text, values } of list) results.push(await db.sql.rows(text, values));
      const people = /** @type {Record<string, unknown>[]} */ (results.find((rows) => rows.length >= PAGE_SIZE) ?? []);
      return {
        totalSize: API_PEOPLE,
        users: people.slice(0, PAGE_SIZE).map((row) => {
          const doc = /** @type {{name?: {givenName?: string, familyName?: string}}} */ (row['doc'] ?? {});
          return {
            id: String(row['id']),
            email: String(row['primary_email'] ?? ''),
            preferredUsername: String(row['user_name'] ?? ''),
            givenName: doc.name?.givenName ?? '',
            familyName: doc.name?.familyName ?? '',
            updatedAt: timestampFromDate(asDate(String(row['updated_at']))),
          };
        }),
      };
    },
  });
}

const calls = http2.createServer(connectNodeAdapter({ routes }));
const ready = http.createServer((_, res) => res.end());
/** As the front door does: who opens with the preface of HTTP/2 makes calls, anyone else asks whether this is up. */
const door = net.createServer((socket) => {
  socket.on('error', () => socket.destroy());
  socket.once('readable', () => {
    const first = /** @type {Buffer | null} */ (socket.read());
    if (!first) return socket.destroy();
    socket.unshift(first);
    return (first.subarray(0, 3).toString() === 'PRI' ? calls : ready).emit('connection', socket);
  });
});
door.listen(Number(process.env['PORT']), '127.0.0.1');
process.on('SIGTERM', () => process.exit(0));
