export type { SqlStorage } from './sql-storage.ts';
export { type SqliteStorageOptions, sqliteStorage } from './sqlite/sqlite-storage.ts';
