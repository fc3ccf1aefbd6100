import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { startPostgres } from '@foothold/postgres-server';
import pg from 'pg';

export interface OptunaRow {
  readonly storage: string;
  readonly trials: number;
  readonly medianMs: number;
  readonly withoutSyncMs?: number;
}

/** Optuna's figures as its Python gives them; a text that says why there are none where that has no Optuna. */
export async function optunaLatency(
  python: string,
  {
    pairs,
    sizes,
    emit,
  }: {
    readonly pairs: number;
    readonly sizes: readonly number[];
    readonly emit: (row: OptunaRow) => void;
  },
): Promise<readonly OptunaRow[] | string> {
  const folder = mkdtempSync(join(tmpdir(), 'foothold-bench-optuna-'));
  const script = fileURLToPath(new URL('./studies-optuna.py', import.meta.url));
  const server = await startPostgres({ fsync: true });
  try {
    const { port, user, password } = server;
    const client = new pg.Client({ host: '127.0.0.1', port, user, password, database: 'postgres' });
    await client.connect();
    await client.query('CREATE DATABASE optuna');
    await client.end();
    const address = `postgresql+psycopg2://${user}@127.0.0.1:${port}/optuna`;
    const rows: OptunaRow[] = [];
    const child = spawn(python, [script, folder, address, `${pairs}`, ...sizes.map(String)], {
      stdio: ['ignore', 'pipe', 'pipe'],
      env: { ...process.env, PGPASSWORD: password },
    });
    createInterface({ input: child.stdout }).on('line', (line) => {
      const row = JSON.parse(line) as OptunaRow;
      rows.push(row);
      emit(row);
    });
    let said = '';
    child.stderr.on('data', (data) => {
      said += data;
    });
    const fault = await new Promise<string | undefined>((done) => {
      child.on('error', ({ message }) => done(message));
      child.on('close', (code) => done(code === 0 ? undefined : said.trim().split('\n').at(-1)));
    });
    return fault === undefined ? rows : `${python}: ${fault}`;
  } finally {
    await server.stop();
    rmSync(folder, { recursive: true, force: true });
  }
}
