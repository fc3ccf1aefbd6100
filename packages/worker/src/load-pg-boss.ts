import { createRequire } from 'node:module';
import { UnsupportedError } from '@foothold/core';

/** The version that the tests run with. */
const tested = '12.20.0';

/** pg-boss, and the version of the tables that it works with. */
export interface PgBossModule {
  readonly PgBoss: typeof import('pg-boss')['PgBoss'];
  readonly schemaVersion: number;
}

/** Throws UnsupportedError where it is not installed, or does not load in this Node. */
export async function loadPgBoss(): Promise<PgBossModule> {
  try {
    const { PgBoss } = await import('pg-boss');
    const manifest: unknown = createRequire(import.meta.url)('pg-boss/package.json');
    return { PgBoss, schemaVersion: (manifest as { pgboss: { schema: number } }).pgboss.schema };
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    if (code === 'ERR_MODULE_NOT_FOUND' && message.includes("'pg-boss'"))
      throw new UnsupportedError(
        'a job queue',
        'this installation',
        `pg-boss is not installed; npm install pg-boss@${tested} adds it`,
      );
    throw new UnsupportedError(
      'a job queue',
      `Node ${process.versions.node}`,
      `pg-boss does not load there (${message}); it is made for Node 22.12 and newer`,
    );
  }
}
