import { database } from './handle';

/** As a server's autovacuum does by default: after this many rows, and this share of a table, have changed. */
const CHANGED_ROWS = 50;
const CHANGED_SHARE = 0.1;

/**
 * Does for the embedded database what a server's autovacuum does: frees what updates and deletes left behind, and refreshes the statistics
 * of tables that changed much, which also ends plans that were made when they were small. One table at a time; a table of 100,000 people
 * takes a quarter of a second, in which nothing else runs. On a server nothing is done.
 * @returns the tables that were vacuumed
 */
export async function vacuumChangedTables(): Promise<string[]> {
  const { engine, sql } = database();
  if (engine === 'server') return [];
  // Counts of the last second are not in the view otherwise.
  await sql.rows('select pg_stat_force_next_flush()');
  const changed = await sql.rows<{ name: string }>(
    `select s.relid::regclass::text as name from pg_stat_user_tables s join pg_class c on c.oid = s.relid
     where greatest(s.n_mod_since_analyze, s.n_dead_tup, s.n_ins_since_vacuum) > ${CHANGED_ROWS} + ${CHANGED_SHARE} * greatest(c.reltuples, 0)`,
  );
  for (const { name } of changed) await sql.rows(`vacuum (analyze) ${name}`);
  return changed.map(({ name }) => name);
}
