export type { PostgresConnection } from './postgres/postgres-connection.ts';
export {
  type PostgresQueries,
  type PostgresQueriesOptions,
  postgresQueries,
} from './postgres/postgres-queries.ts';
export { type PostgresStorageOptions, postgresStorage } from './postgres/postgres-storage.ts';
export { shownAddress } from './postgres/shown-address.ts';
export type { SqlStorage } from './sql-storage.ts';
export { type SqliteStorageOptions, sqliteStorage } from './sqlite/sqlite-storage.ts';
