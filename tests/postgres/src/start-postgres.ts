import { spawn } from 'node:child_process';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import type { Certificate } from './certificates.ts';

/** A PostgreSQL server of its own, reachable from this machine alone. */
export interface PostgresServer {
  /** `postgres://USER@127.0.0.1:PORT/postgres`; the password is not in it. */
  readonly address: string;
  readonly port: number;
  readonly user: string;
  /** For PGPASSWORD. */
  readonly password: string;
  /** Ends every process of the server by SIGKILL, as a power failure would. */
  kill(): Promise<void>;
  /** Starts it again, on the same port and data, and waits until it takes connections. */
  start(): Promise<void>;
  /** Ends it and removes its data. */
  stop(): Promise<void>;
}

export interface PostgresOptions {
  /** Whether commits wait for the disk. Default: false, which no end of a process can tell. */
  readonly fsync?: boolean;
  /** What the server shows to clients, and the authority of the clients' own certificates. Default: no TLS. */
  readonly tls?: Certificate & { readonly clientAuthority?: string };
  /** The lines of pg_hba.conf: who may connect, and how. Default: everybody with the password, with TLS or without. */
  readonly access?: readonly string[];
}

/**
 * A started server with its data in a temporary folder. It ends when `stop` is called, and also when this process ends in
 * any way: the process that holds the server sees its input end.
 */
export async function startPostgres(options: PostgresOptions = {}): Promise<PostgresServer> {
  const program = fileURLToPath(new URL('./server-process.ts', import.meta.url));
  const child = spawn(process.execPath, [program], {
    stdio: ['pipe', 'pipe', 'inherit'],
    detached: true, // Ctrl-C reaches the tests, and the end of its input this process
  });
  child.stdin.write(`${JSON.stringify(options)}\n`);
  const ended = new Promise<void>((resolve) => child.once('close', () => resolve()));
  const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
  const answer = async () => {
    const { value, done } = await lines.next();
    if (done) throw new Error('the PostgreSQL server could not be started (its messages are above)');
    return JSON.parse(value) as { readonly port: number; readonly user: string; readonly password: string };
  };
  const say = async (word: string) => {
    child.stdin.write(`${word}\n`);
    await answer();
  };
  const { port, user, password } = await answer();
  return {
    address: `postgres://${user}@127.0.0.1:${port}/postgres`,
    port,
    user,
    password,
    kill: () => say('kill'),
    start: () => say('start'),
    stop: async () => {
      child.stdin.end();
      await ended;
    },
  };
}
