import http from 'node:http';
import { newId } from '@/lib/core/id';
import { systemContext } from '@/lib/core/context';
import { asDate, openEmbedded, openServer, useDatabase } from '@/lib/db/handle';
import { migrate } from '@/lib/db/migrate';
import { createGroup, createUser, updateUser } from '@/lib/domain/provisioning/commands';
import { searchUsers } from '@/lib/domain/provisioning/queries';
import * as sql from '@/lib/domain/provisioning/statements';
import { TOLD_AT_ONCE } from '@/lib/domain/run/types';
import { parseFilter } from '@/lib/scim/filter';
import { userResourceType } from '@/lib/scim/schema';
import { newPerson } from './requests.mjs';

/**
 * The bare ceiling, as a process of its own: `node --import ./bench/typescript.mjs bench/ceiling.mjs`. It runs the statements of the
 * service behind node:http, with the service's driver and pool, and nothing else: no token, no SCIM, no log. The statements are asked
 * from the service's own functions, with a database that only writes down what it is told.
 *
 * @typedef {import('@/lib/db/handle').SqlValue} SqlValue
 * @typedef {{text: string, values: readonly SqlValue[]}} Statement
 */

const SCOPE = { organizationId: 'org_bench', directoryId: 'dir_bench' };
const ACTOR = 'system:bench';
/** Stands in the noted statements for the name of a person or group, and for a title. */
const NAME = 'template-name';
const TITLE = 'template-title';
const ID_PLACE = 1;
const VERSION_PLACE = 2;
const CREATE_EVENT_PLACE = 11;
const UPDATE_EVENT_PLACE = 12;
const GROUP_EVENT_PLACE = 6;

/**
 * The last statement that `work` sends.
 * @param {() => Promise<unknown>} work @param {readonly object[]} rows what every statement is answered with
 * @returns {Promise<Statement>}
 */
async function noteStatement(work, rows) {
  /** @type {Statement | undefined} */
  let noted;
  const client = {
    rows: async (/** @type {string} */ text, /** @type {readonly SqlValue[]} */ values = []) => {
      noted = { text, values };
      return rows;
    },
  };
  useDatabase(/** @type {import('@/lib/db/handle').Database} */ (/** @type {unknown} */ ({ sql: client })));
  await work();
  if (!noted) throw new Error('No statement was sent.');
  return noted;
}

/** @param {readonly SqlValue[]} values @param {string} mark @param {string} text */
function fill(values, mark, text) {
  return values.map((value) => (typeof value === 'string' ? value.replaceAll(mark, text) : value));
}

async function noteStatements() {
  const ctx = systemContext('bench');
  const doc = newPerson(NAME);
  const row = {
    id: 'u',
    doc,
    is_active: true,
    version: '1',
    created_at: '2026-01-01 00:00:00+00',
    updated_at: '',
    groups: [],
  };
  const search = (/** @type {'userName' | 'externalId'} */ attribute) =>
    noteStatement(() => {
      const filter = parseFilter(`${attribute} eq "${doc[attribute]}"`, userResourceType());
      return searchUsers(SCOPE, { filter, offset: 0, limit: 100, baseUrl: '' });
    }, []);
  const update = (/** @type {object} */ changed) =>
    noteStatement(() => updateUser(ctx, SCOPE, 'u', { apply: (current) => ({ ...current, ...changed }) }), [row]);
  return {
    create: await noteStatement(() => createUser(ctx, SCOPE, doc), []),
    createGroup: await noteStatement(() => createGroup(ctx, SCOPE, { doc: { displayName: NAME }, members: [] }), []),
    userName: await search('userName'),
    externalId: await search('externalId'),
    patch: await update({ title: TITLE }),
    deactivate: await update({ active: false }),
  };
}

const statements = await noteStatements();
const url = process.env['BENCH_DATABASE_URL'];
const db = url ? await openServer(url) : await openEmbedded(process.env['BENCH_DATA_DIR']);
await migrate(db);
useDatabase(db);

/** @param {http.IncomingMessage} req */
async function readBody(req) {
  const chunks = [];
  for await (const chunk of req) chunks.push(chunk);
  return JSON.parse(Buffer.concat(chunks).toString());
}

/**
 * @param {Statement} statement @param {string} id @param {string} title
 * @returns {Promise<object>}
 */
async function update(statement, id, title) {
  const [row] = await db.sql.rows(sql.GET_USER, [SCOPE.directoryId, id]);
  const { doc, version } = /** @type {{doc: {userName: string}, version: string}} */ (row);
  const values = fill(fill(statement.values, NAME, doc.userName.split('@')[0] ?? ''), TITLE, title);
  values[ID_PLACE] = id;
  values[VERSION_PLACE] = Number(version);
  values[UPDATE_EVENT_PLACE] = newId('event');
  await db.sql.rows(statement.text, values);
  return { ...doc, id, title, active: statement !== statements.deactivate };
}

/** @param {string} name @param {Statement} statement @param {'directoryUser' | 'directoryGroup'} kind @param {number} eventPlace */
async function create(name, statement, kind, eventPlace) {
  const values = fill(statement.values, NAME, name);
  const id = newId(kind);
  values[ID_PLACE] = id;
  values[eventPlace] = newId('event');
  await db.sql.rows(statement.text, values);
  return id;
}

/** @param {string} name @param {Statement} statement */
async function lookUp(name, statement) {
  const rows = await db.sql.rows(statement.text, fill(statement.values, NAME, name));
  const found = /** @type {{id: string, doc: object, created_at: string}[]} */ (rows);
  return {
    totalResults: found.length,
    Resources: found.map(({ id, doc, created_at }) => ({ ...doc, id, meta: { created: asDate(created_at) } })),
  };
}

/**
 * Answers the paths that bench/requests.mjs sends to the ceiling.
 * @param {http.IncomingMessage} req @returns {Promise<[number, object | undefined]>}
 */
async function handle(req) {
  const [, action, subject = ''] = (req.url ?? '').split('/');
  switch (action) {
    case 'userName':
    case 'externalId':
      return [200, await lookUp(subject, statements[action])];
    case 'create': {
      const body = await readBody(req);
      const name = String(body.userName).split('@')[0] ?? '';
      return [201, { ...body, id: await create(name, statements.create, 'directoryUser', CREATE_EVENT_PLACE) }];
    }
    case 'patch': {
      const { Operations } = await readBody(req);
      return [200, await update(statements.patch, subject, String(Operations[0].value))];
    }
    case 'deactivate':
      await readBody(req);
      return [200, await update(statements.deactivate, subject, '')];
    case 'delete':
      await db.sql.rows(sql.DELETE_USER, [
        SCOPE.organizationId,
        SCOPE.directoryId,
        subject,
        null,
        ACTOR,
        'req',
        new Date(),
      ]);
      return [204, undefined];
    case 'group':
      return [201, { id: await create(subject, statements.createGroup, 'directoryGroup', GROUP_EVENT_PLACE) }];
    case 'members': {
      const { Operations } = await readBody(req);
      const ids = Operations[0].value.map((/** @type {{value: string}} */ member) => member.value);
      const values = [SCOPE.organizationId, SCOPE.directoryId, subject, ids, [], false, ACTOR, 'req', TOLD_AT_ONCE];
      const [row] = await db.sql.rows(sql.CHANGE_MEMBERS, values);
      return [/** @type {{status: string}} */ (row).status === 'changed' ? 204 : 400, undefined];
    }
    default:
      return [404, undefined];
  }
}

const server = http.createServer((req, res) => {
  handle(req).then(
    ([status, body]) => {
      const text = body === undefined ? '' : JSON.stringify(body);
      const headers = { 'content-type': 'application/json', 'content-length': Buffer.byteLength(text) };
      res.writeHead(status, body === undefined ? {} : headers).end(text);
    },
    (error) => res.writeHead(500).end(String(error)),
  );
});
server.listen(Number(process.env['PORT']), '127.0.0.1');
process.on('SIGTERM', () => process.exit(0));
