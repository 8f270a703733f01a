import { AsyncLocalStorage } from 'node:async_hooks';
import { PGlite } from '@electric-sql/pglite';
import type { PgDatabase, PgQueryResultHKT } from 'drizzle-orm/pg-core';
import { drizzle as drizzlePglite } from 'drizzle-orm/pglite';
import { drizzle as drizzlePostgres } from 'drizzle-orm/postgres-js';
import postgres from 'postgres';
import { AppError } from '@/lib/core/error';
import { schema } from './schema';

export type Orm = PgDatabase<PgQueryResultHKT, typeof schema>;
export type SqlValue = string | number | boolean | Date | null | readonly string[];

/** Plain SQL, for hot statements. One text is one prepared statement on a server. */
export interface Sql {
  /**
   * Rows of one statement, the same on both engines: bigint, numeric and timestamps arrive as text, jsonb parsed.
   * JSON goes in as `$n::text::jsonb` with a string. A server keeps each text prepared for as long as it is connected: where clients
   * decide on the text, `isPrepared: false` has it planned for these values and forgotten.
   */
  rows<Row extends object>(
    text: string,
    values?: readonly SqlValue[],
    options?: { readonly isPrepared?: boolean },
  ): Promise<Row[]>;
}

/** What a query or a change writes through: drizzle for most things, plain SQL for hot ones. */
export interface Tx {
  readonly orm: Orm;
  readonly sql: Sql;
}

export interface Database extends Tx {
  readonly engine: 'embedded' | 'server';
  /** Runs `work` in one transaction (READ COMMITTED). On the embedded engine nothing else runs meanwhile: no network calls inside. */
  begin<T>(work: (tx: Tx) => Promise<T>): Promise<T>;
  /** Calls `listener` for each NOTIFY on `channel`, from this process and others, until the returned function is called. */
  listen(channel: string, listener: (payload: string) => void): Promise<() => Promise<void>>;
  close(): Promise<void>;
}

const OLDEST_SERVER_VERSION = 150_000;
/** Connections per process. Replicas share one server, so the pool stays well under its usual 100. */
const POOL_SIZE = 12;
const CONNECT_TIMEOUT_SECONDS = 10;

const asText = (value: string) => value;
const INT8 = 20;
const NUMERIC = 1700;
const TIMESTAMP = 1114;
const TIMESTAMPTZ = 1184;
const PGLITE_PARSERS = { [INT8]: asText, [NUMERIC]: asText, [TIMESTAMP]: asText, [TIMESTAMPTZ]: asText };

type PgliteClient = Pick<PGlite, 'query'>;
type PostgresClient = { unsafe: postgres.Sql['unsafe'] };

function plain(values: readonly SqlValue[]): (string | number | boolean | null | readonly string[])[] {
  return values.map((value) => (value instanceof Date ? value.toISOString() : value));
}

function pgliteSql(client: PgliteClient): Sql {
  return {
    async rows<Row extends object>(text: string, values: readonly SqlValue[] = []) {
      return (await client.query<Row>(text, plain(values), { parsers: PGLITE_PARSERS })).rows;
    },
  };
}

function postgresSql(client: PostgresClient): Sql {
  return {
    async rows<Row extends object>(
      text: string,
      values: readonly SqlValue[] = [],
      { isPrepared = true }: { readonly isPrepared?: boolean } = {},
    ) {
      const parameters = plain(values) as postgres.ParameterOrJSON<never>[];
      return [...(await client.unsafe<Row[]>(text, parameters, { prepare: isPrepared }))];
    },
  };
}

/** The driver's client below a drizzle transaction, so that plain SQL joins the same transaction. */
function clientOf<Client>(orm: Orm): Client {
  return (orm as unknown as { session: { client: Client } }).session.client;
}

/**
 * Makes a query that is sent past the open transaction fail at once. The embedded database is one connection: such a query would wait
 * for the transaction, which waits for the query, and nothing would ever move again.
 */
function refuseQueriesBesideTransaction(client: PGlite): <T>(work: () => Promise<T>) => Promise<T> {
  const inside = new AsyncLocalStorage<true>();
  const query = client.query.bind(client);
  client.query = (...args: Parameters<PGlite['query']>) => {
    if (inside.getStore())
      return Promise.reject(new Error(`This query was sent past its transaction: ${args[0].slice(0, 200)}`));
    return query(...args) as never;
  };
  return (work) => inside.run(true, work);
}

/** Opens an embedded database in `folder`, or in memory when undefined. The caller holds the folder's lock. */
export async function openEmbedded(folder: string | undefined): Promise<Database> {
  const client = await PGlite.create(folder === undefined ? {} : { dataDir: folder });
  const runInside = refuseQueriesBesideTransaction(client);
  const orm = drizzlePglite(client, { schema, casing: 'snake_case' }) as unknown as Orm;
  return {
    engine: 'embedded',
    orm,
    sql: pgliteSql(client),
    begin: (work) =>
      orm.transaction((tx) =>
        runInside(() => work({ orm: tx as Orm, sql: pgliteSql(clientOf<PgliteClient>(tx as Orm)) })),
      ),
    listen: (channel, listener) => client.listen(channel, listener),
    close: () => client.close(),
  };
}

/** Connects to a Postgres server; throws `failed_precondition` if it is older than 15, and the driver's error if it is down. */
export async function openServer(url: string): Promise<Database> {
  const client = postgres(url, {
    max: POOL_SIZE,
    connect_timeout: CONNECT_TIMEOUT_SECONDS,
    onnotice: () => undefined,
    connection: { application_name: 'gatehouse' },
  });
  try {
    const [row] = await client<{ version: number }[]>`select current_setting('server_version_num')::int as version`;
    if (!row || row.version < OLDEST_SERVER_VERSION) {
      throw new AppError('failed_precondition', 'DATABASE_URL names a Postgres server older than version 15.');
    }
  } catch (error) {
    await client.end({ timeout: 1 });
    throw error;
  }
  const orm = drizzlePostgres(client, { schema, casing: 'snake_case' }) as unknown as Orm;
  return {
    engine: 'server',
    orm,
    sql: postgresSql(client),
    begin: (work) =>
      orm.transaction((tx) => work({ orm: tx as Orm, sql: postgresSql(clientOf<PostgresClient>(tx as Orm)) })),
    async listen(channel, listener) {
      const subscription = await client.listen(channel, listener);
      return () => subscription.unlisten();
    },
    close: () => client.end({ timeout: 5 }),
  };
}

const HANDLE = Symbol.for('gatehouse.database');
const store = globalThis as unknown as { [HANDLE]?: Database };

/** Makes `database` the one that every command and query of this process uses. Called at boot and by tests. */
export function useDatabase(database: Database | undefined): void {
  store[HANDLE] = database;
}

/** The open database. Throws `unavailable` before boot has opened it and after it was closed. */
export function database(): Database {
  const open = store[HANDLE];
  if (!open) throw new AppError('unavailable', 'The database is not open yet. Try again in a moment.');
  return open;
}

/** A timestamp as `Sql.rows` gives it, as a Date. */
export function asDate(text: string): Date {
  return new Date(text.replace(' ', 'T').replace(/([+-]\d\d)$/, '$1:00'));
}

/** Like `asDate`, for columns that may be null. */
export function asDateOrNull(text: string | null): Date | null {
  return text === null ? null : asDate(text);
}
