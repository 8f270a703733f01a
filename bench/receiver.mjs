import { randomBytes } from 'node:crypto';
import http from 'node:http';
import postgres from 'postgres';
import './typescript.mjs';
import { SERVER_SECRET } from './targets.mjs';

/**
 * An application that takes webhooks, for the bench.
 *
 * @typedef {object} Told one request that came
 * @property {string} id of the event
 * @property {string} resource
 * @property {number} version
 * @property {boolean} isOutOfOrder
 * @property {number} at in milliseconds, of the bench's own clock
 */

/**
 * Starts a receiver on a free port. @param {(told: Told, count: number) => number} [answer] the status to answer with
 * @returns {Promise<{url: string, told: Told[], close: () => void}>}
 */
export async function startReceiver(answer = () => 204) {
  /** @type {Told[]} */
  const told = [];
  const server = http.createServer((request, response) => {
    /** @type {Buffer[]} */
    const chunks = [];
    request.on('data', (chunk) => chunks.push(chunk));
    request.on('end', () => {
      const event = JSON.parse(Buffer.concat(chunks).toString('utf8'));
      const one = {
        id: event.id,
        resource: event.data.id,
        version: event.version,
        isOutOfOrder: event.out_of_order === true,
        at: performance.now(),
      };
      told.push(one);
      response.writeHead(answer(one, told.length)).end();
    });
  });
  await new Promise((resolve) => server.listen(0, '127.0.0.1', () => resolve(undefined)));
  const address = server.address();
  const port = typeof address === 'object' && address ? address.port : 0;
  return {
    url: `http://127.0.0.1:${port}/`,
    told,
    close() {
      server.close();
      server.closeAllConnections();
    },
  };
}

/** Makes an endpoint for everything, below the dashboard that people use. @param {import('postgres').Sql} client @param {string} url */
export async function connectEndpoint(client, url) {
  const { seal, useSealingSecret } = await import('@/lib/core/seal');
  useSealingSecret(SERVER_SECRET);
  const secret = seal('webhook_endpoint.sealed_secret', `whsec_${randomBytes(32).toString('base64')}`);
  await client.unsafe(
    `insert into webhook_endpoint(id, url, description, event_types, organization_ids, sealed_secret, created_at, updated_at)
     values ($1::text, $2::text, '', '{}', '{}', $3::text, now(), now())`,
    [`whe_${Date.now()}`, url, secret],
  );
}

/**
 * Writes events of `resources` things, `versions` of each, as a directory's changes would, in transactions of one version each.
 * @param {import('postgres').Sql} client @param {number} resources @param {number} versions
 */
export async function writeEvents(client, resources, versions) {
  const label = randomBytes(4).toString('hex');
  for (let version = 1; version <= versions; version += 1) {
    await client.unsafe(
      `insert into event(id, organization_id, type, object, resource_id, version, data, actor, request_id)
       select gatehouse_id('evt_'), 'org_1', 'organization.directory.user_updated', 'DirectoryUser', r.id, $2::bigint,
         jsonb_build_object('id', r.id, 'email', r.id || '@acme.example', 'name', 'Ann Lee', 'active', true), 'system:bench', 'req_bench'
       from (select 'diruser_' || $3::text || n as id from generate_series(1, $1::int) n) r`,
      [resources, version, label],
    );
  }
}

/** @param {string} databaseUrl */
export function openDatabase(databaseUrl) {
  return postgres(databaseUrl, { max: 1, onnotice: () => undefined });
}

/** Waits until `isDone`. @param {() => Promise<boolean> | boolean} isDone @param {number} limitMs @param {string} what */
export async function waitUntil(isDone, limitMs, what) {
  const givesUpAt = Date.now() + limitMs;
  while (!(await isDone())) {
    if (Date.now() > givesUpAt) throw new Error(`${what}: not done after ${limitMs / 1000} seconds.`);
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}
