export { authority, type Certificate, certificate } from './certificates.ts';
export { type PostgresOptions, type PostgresServer, startPostgres } from './start-postgres.ts';
