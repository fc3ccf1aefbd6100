import { type PostgresServer, startPostgres } from '@foothold/postgres-server';
import { describeStorage } from '@foothold/testing';
import { afterAll, beforeAll } from 'vitest';
import { postgresStorage } from './postgres-storage.ts';

let server: PostgresServer;
let schemas = 0;
beforeAll(async () => {
  server = await startPostgres();
  process.env['PGPASSWORD'] = server.password;
});
afterAll(() => server.stop());
describeStorage('postgresStorage', () => postgresStorage(`${server.address}?schema=s${schemas++}`));
