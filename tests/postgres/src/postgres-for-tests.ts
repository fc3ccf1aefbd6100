import { afterAll, beforeAll } from 'vitest';
import { type PostgresOptions, type PostgresServer, startPostgres } from './start-postgres.ts';

export interface PostgresForTests {
  /** Started before the first test of the file, and ended after the last. */
  readonly server: PostgresServer;
  /** An address with nothing at it: the server's, with a schema of its own. */
  newAddress(): string;
}

/** A server for the tests of the file that calls it; PGPASSWORD has its password. */
export function postgresForTests(
  options: () => PostgresOptions | Promise<PostgresOptions> = () => ({}),
): PostgresForTests {
  let server: PostgresServer | undefined;
  let schemas = 0;
  const started = () => {
    if (!server) throw new Error('the PostgreSQL server is there in tests and hooks alone');
    return server;
  };
  beforeAll(async () => {
    server = await startPostgres(await options());
    process.env['PGPASSWORD'] = server.password;
  });
  afterAll(() => server?.stop());
  return {
    get server() {
      return started();
    },
    newAddress: () => `${started().address}?schema=s${schemas++}`,
  };
}
