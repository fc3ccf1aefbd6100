/**
 * A server of studies under load, JSON lines: 1,000 clients that ask and tell on one study for a minute, 100 clients, 1,000 clients whose
 * server is killed and started again 20 times meanwhile. These clients ask again as soon as they are answered, so that the server always has as much
 * to do as it can, and the time of an answer is the number of clients by the answers a second. Then 100 clients whose trials take a second, random
 * points, and 100 whose trials take ten, with the default sampler: there the server is not at its limit, and notes its own times (`server-times.ts`).
 * The server and the clients are processes of their own on this machine; the studies are in a folder, whose disk is measured first (`disk`). Words
 * choose parts: `load`, `few`, `restarts`, `steady`, `ahead`.
 */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { remoteStudy } from '@foothold/server/remote';
import { fileStorage } from '@foothold/study';
import type { BenchOptions } from './bench-options.ts';
import { type ServerTimes, servedTimes } from './served-times.ts';
import { type ClientsResult, servedFaults } from './server-faults.ts';
import { openStudy, space, studyName } from './studies-problem.ts';
import { syncTimes } from './sync-times.ts';

const parts = ['load', 'few', 'restarts', 'steady', 'ahead'] as const;

/** Seconds of a trial on average, where clients evaluate. */
const thinkSeconds = { load: 0, few: 0, restarts: 0, steady: 1, ahead: 10 } as const;

/** Of the servers of a run: only this machine sees them. */
const token = 'token-of-the-benchmark';
const command = fileURLToPath(new URL('../../packages/cli/src/main.ts', import.meta.url));
const clientsProgram = fileURLToPath(new URL('./server-clients.ts', import.meta.url));
const timesProgram = new URL('./server-times.ts', import.meta.url).href;

export async function server({ quick, emit, words }: BenchOptions): Promise<void> {
  const chosen = parts.filter((part) => words.length === 0 || words.includes(part));
  const summary: Record<string, unknown> = {};
  for (const part of chosen) {
    const most = part === 'load' || part === 'restarts' ? 1000 : 100;
    const clients = quick && most > 100 ? most / 10 : most;
    const seconds = quick ? 6 : 60;
    const kills = part === 'restarts' ? (quick ? 2 : 20) : 0;
    const think = thinkSeconds[part];
    const sampler = part === 'ahead' ? 'auto' : 'random';
    const row = await measured({ clients, seconds: Math.max(seconds, 2 * think), kills, think, sampler });
    emit({ bench: 'server', part, ...row });
    summary[part] = row;
  }
  emit({ bench: 'server', summary });
}

/** So many clients for so long, the server killed and started again so many times meanwhile; then what the study says of it. */
async function measured({ clients, seconds, kills, think, sampler }: Load) {
  const folder = mkdtempSync(join(tmpdir(), 'foothold-bench-server-'));
  try {
    const disk = await syncTimes(folder);
    let served = await serverIn(folder, { isTimed: think > 0 });
    const { port, link } = served;
    await remoteStudy(link, {
      ...{ name: studyName, token },
      create: { space: space.description, seed: 1, sampler, lease: 3600 },
    });
    const asked = clientsAt(link, { clients, seconds, think });
    for (let kill = 0; kill < kills; kill++) {
      await new Promise((done) => setTimeout(done, (seconds * 1000) / (kills + 1)));
      await served.kill();
      served = await serverIn(folder, { port });
    }
    const { told, timedAsks, countedFrom, ...result } = await asked;
    const times = await served.times();
    await served.kill();
    const trials = await openStudy(fileStorage(folder)).trials();
    const faults = servedFaults(trials, { ...result, told });
    return {
      ...{ clients, seconds, kills, ...result, told: told.length, appends: appendsIn(folder), disk, faults },
      ...(timedAsks &&
        times && {
          ...{ thinkSeconds: think, offeredPerSecond: clients / think, sampler },
          ...servedTimes(times, {
            ...{ events: await fileStorage(folder).read(studyName, 0), asks: timedAsks, from: countedFrom },
          }),
        }),
    };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** Lines of the logs in a folder: each is one append, and was synced once. */
function appendsIn(folder: string): number {
  const logs = readdirSync(folder).filter((file) => file.endsWith('.jsonl'));
  return logs.reduce((sum, file) => sum + readFileSync(join(folder, file), 'utf8').split('\n').length - 1, 0);
}

interface Load {
  readonly clients: number;
  readonly seconds: number;
  /** How often the server is killed. */
  readonly kills: number;
  /** Seconds between an ask and its tell, on average. */
  readonly think: number;
  readonly sampler: 'random' | 'auto';
}

interface Served {
  readonly port: number;
  readonly link: string;
  /** What it has noted of itself so far; undefined where it does not. */
  times(): Promise<ServerTimes | undefined>;
  /** Ends it by SIGKILL. */
  kill(): Promise<void>;
}

/** `foothold serve` on the studies of a folder; it runs when this resolves. */
async function serverIn(
  folder: string,
  { port = 0, isTimed = false }: { readonly port?: number; readonly isTimed?: boolean },
): Promise<Served> {
  const words = ['--conditions=@foothold/source', command, 'serve', '--storage', folder, '--port', `${port}`];
  const child = spawn(process.execPath, [...(isTimed ? ['--import', timesProgram] : []), ...words], {
    stdio: ['ignore', 'pipe', 'inherit', 'ipc'],
    env: { ...process.env, FOOTHOLD_TOKEN: token },
  });
  const [line] = await Promise.race([
    once(child.stdout!, 'data'),
    once(child, 'close').then(() => [undefined]),
  ]);
  if (line === undefined) throw new Error(`foothold serve ended with ${child.exitCode}`);
  const link = String(line).trim();
  return {
    port: Number(new URL(link).port),
    link,
    times: async () => {
      if (!isTimed) return undefined;
      const answered = once(child, 'message');
      child.send('times');
      return (await answered)[0] as ServerTimes;
    },
    kill: async () => {
      child.kill('SIGKILL');
      await once(child, 'close');
    },
  };
}

async function clientsAt(
  link: string,
  { clients, seconds, think }: Pick<Load, 'clients' | 'seconds' | 'think'>,
): Promise<ClientsResult> {
  const words = [
    '--conditions=@foothold/source',
    clientsProgram,
    link,
    studyName,
    `${clients}`,
    `${seconds}`,
    `${think}`,
  ];
  const child = spawn(process.execPath, words, {
    stdio: ['ignore', 'pipe', 'inherit'],
    env: { ...process.env, FOOTHOLD_TOKEN: token },
  });
  let output = '';
  child.stdout.on('data', (data) => {
    output += data;
  });
  const [code] = await once(child, 'close');
  if (code !== 0) throw new Error(`the clients ended with ${code}`);
  return JSON.parse(output) as ClientsResult;
}
