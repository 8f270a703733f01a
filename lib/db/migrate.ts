import path from 'node:path';
import { readMigrationFiles } from 'drizzle-orm/migrator';
import type { Database } from './handle';

/** Any number will do, as long as every replica uses the same. */
const MIGRATION_LOCK = 724_410;
const FOLDER = 'drizzle';

/**
 * Brings the schema up to date: applies the migrations of `drizzle/` that the database does not know yet, in order, each
 * with its record in one transaction. Replicas that start at once wait for each other on an advisory lock.
 * @returns how many migrations were applied
 */
export async function migrate(db: Database, root: string = process.cwd()): Promise<number> {
  const migrations = readMigrationFiles({ migrationsFolder: path.join(root, FOLDER) });
  return db.begin(async ({ sql }) => {
    await sql.rows(`select pg_advisory_xact_lock(${MIGRATION_LOCK})`);
    await sql.rows(
      'create table if not exists applied_migration(hash text primary key, applied_at timestamptz not null default now())',
    );
    const applied = new Set(
      (await sql.rows<{ hash: string }>('select hash from applied_migration')).map((r) => r.hash),
    );
    let count = 0;
    for (const migration of migrations) {
      if (applied.has(migration.hash)) continue;
      for (const statement of migration.sql) await sql.rows(statement);
      await sql.rows('insert into applied_migration(hash) values ($1)', [migration.hash]);
      count += 1;
    }
    return count;
  });
}
