import { StorageError } from '@foothold/core';
import type { PoolClient } from 'pg';
import { migrations, postgresDialect, schemaVersion } from '../schema.ts';

/** Answers a statement with its rows. */
export type Query = (text: string, values?: readonly unknown[]) => Promise<readonly Row[]>;
export type Row = Readonly<Record<string, unknown>>;

interface Tables {
  readonly place: string;
  /** The schema's name, in letters that need no quotes. */
  readonly schema: string;
}

const product = 'foothold';

/** The version of our tables in the schema, 0 where there are none. Throws StorageError for one that is not ours, or newer. */
export async function versionOf(query: Query, { place, schema }: Tables): Promise<number> {
  const [found] = await query(
    `SELECT current_setting('server_encoding') AS encoding, array(SELECT c.relname::text FROM pg_class c
      JOIN pg_namespace n ON n.oid = c.relnamespace WHERE n.nspname = $1 AND c.relkind IN ('r', 'p', 'v') ORDER BY 1) AS tables`,
    [schema],
  );
  const { encoding, tables } = found as { readonly encoding: string; readonly tables: readonly string[] };
  if (encoding !== 'UTF8' && encoding !== 'SQL_ASCII')
    throw new StorageError(
      `${place} keeps its texts as ${encoding}, which lacks characters that studies may have; use a database of ENCODING 'UTF8'`,
    );
  if (tables.length === 0) return 0;
  const isOurs = ['meta', 'studies', 'events', 'snapshots'].every((name) => tables.includes(name));
  const [meta] = isOurs ? await query(`SELECT to_jsonb(m) AS meta FROM ${schema}.meta m LIMIT 1`) : [];
  const { product: by, version } = (meta?.['meta'] ?? {}) as Row;
  if (by !== product)
    throw new StorageError(
      `${place} has tables of another program in the schema ${schema} (${tables.slice(0, 5).join(', ')}); nothing is written ` +
        'to it. Name another schema: ?schema=NAME',
    );
  if (!(Number(version) <= schemaVersion))
    throw new StorageError(
      `${place} has tables of version ${version}, and this version of Foothold knows them up to ${schemaVersion}; nothing is ` +
        'written to it. Update Foothold, or name another schema: ?schema=NAME',
    );
  return Number(version);
}

/** Brings the tables to the newest version, in one transaction; one process after another. */
export async function migrate(client: PoolClient, tables: Tables): Promise<void> {
  const { schema, place } = tables;
  const query: Query = async (text, values) => (await client.query(text, values ? [...values] : [])).rows;
  await query('BEGIN');
  try {
    await query('SELECT pg_advisory_xact_lock(hashtext($1))', [`${product}.${schema}`]);
    const version = await versionOf(query, tables);
    const [there] = await query('SELECT to_regnamespace($1) IS NOT NULL AS "isThere"', [schema]);
    // IF NOT EXISTS needs the privilege to make schemas even where there is one.
    if (!there?.['isThere']) await query(`CREATE SCHEMA ${schema}`);
    if (version === 0) {
      await query(`CREATE TABLE ${schema}.meta (product TEXT NOT NULL, version INTEGER NOT NULL)`);
      await query(`INSERT INTO ${schema}.meta (product, version) VALUES ($1, 0)`, [product]);
    }
    for (const statements of migrations(postgresDialect(schema)).slice(version))
      for (const statement of statements) await query(statement);
    await query(`UPDATE ${schema}.meta SET version = $1`, [schemaVersion]);
    await query('COMMIT');
  } catch (error) {
    await query('ROLLBACK').catch(() => undefined);
    if ((error as { readonly code?: unknown }).code !== '42501') throw error;
    throw new StorageError(
      `${place}: the user may not make the schema ${schema} or tables in it; have an administrator run CREATE SCHEMA ${schema} ` +
        `AUTHORIZATION the user, or name another schema: ?schema=NAME (${(error as Error).message})`,
    );
  }
}
