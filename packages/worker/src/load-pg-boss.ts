import { createRequire } from 'node:module';
import { UnsupportedError } from '@foothold/core';

/** The oldest version with all that is used, which the tests run with. The next major version is refused. */
const lowest = '12.20.0';

/** pg-boss, and the version of the tables that it works with. */
export interface PgBossModule {
  readonly PgBoss: typeof import('pg-boss')['PgBoss'];
  readonly schemaVersion: number;
}

interface Manifest {
  readonly version: string;
  readonly pgboss: { readonly schema: number };
}

/** Throws UnsupportedError where it is not installed, is of another version, or does not load in this Node. */
export async function loadPgBoss(): Promise<PgBossModule> {
  const loaded = await import('pg-boss').catch((error: NodeJS.ErrnoException) => ({ error }));
  try {
    if ('error' in loaded) refuseMissing(loaded.error);
    const manifest: Manifest = createRequire(import.meta.url)('pg-boss/package.json');
    refuseOtherVersion(manifest.version);
    if ('error' in loaded) throw loaded.error;
    return { PgBoss: loaded.PgBoss, schemaVersion: manifest.pgboss.schema };
  } catch (error) {
    if (error instanceof UnsupportedError) throw error;
    throw new UnsupportedError(
      'a job queue',
      `Node ${process.versions.node}`,
      `pg-boss does not load there (${(error as Error).message}); it is made for Node 22.12 and newer`,
    );
  }
}

/** By the error of the import: `require` also looks in the folders of NODE_PATH. */
function refuseMissing({ code, message }: NodeJS.ErrnoException): void {
  if (code !== 'ERR_MODULE_NOT_FOUND' || !message.includes("'pg-boss'")) return;
  throw new UnsupportedError(
    'a job queue',
    'this installation',
    `pg-boss is not installed; npm install pg-boss@${lowest} adds it`,
  );
}

function refuseOtherVersion(version: string): void {
  const [major, minor] = numbersOf(version);
  const [wanted, least] = numbersOf(lowest);
  if (major === wanted && minor >= least) return;
  throw new UnsupportedError(
    'a job queue',
    'this installation',
    `its pg-boss has version ${version}, and ${lowest} or newer, below ${wanted + 1}, is needed; npm install pg-boss@${lowest} adds it`,
  );
}

/** The major and the minor number of a version. */
function numbersOf(version: string): readonly [number, number] {
  const [major = Number.NaN, minor = Number.NaN] = version.split('.').map(Number);
  return [major, minor];
}
