import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';

/** The study that the processes work on, and how. */
export interface SharedStudy {
  readonly storage: string;
  readonly address: string;
  readonly name: string;
  readonly leaseMs: number;
  /** A folder where the processes keep what the engine compiled, so that each begins sooner. */
  readonly compiled: string;
  /** Path of the bundle of `studies-kills-worker.ts`. */
  readonly program: string;
}

/** When a process is to be killed: so many lines after its start, and then so many milliseconds. */
export interface Moment {
  readonly lines: number;
  readonly ms: number;
}

export interface KilledWorker {
  /** The whole lines that it has written so far. */
  readonly said: readonly string[];
  /** Resolves when it has ended and all that it wrote is read. */
  readonly ended: Promise<void>;
  /** Ends it by SIGKILL. */
  kill(): Promise<void>;
}

/** Processes of `studies-kills-worker.ts` on one study. */
export interface KilledWorkers {
  /** Those that live, in the order of their starts. */
  readonly living: readonly KilledWorker[];
  /** Every one that was started. */
  readonly all: readonly KilledWorker[];
  /** Starts one, which lives until `kill` where there is no moment. */
  start(moment?: Moment): KilledWorker;
  /** What ended processes wrote to standard error that were not killed. */
  readonly faults: readonly string[];
}

export function killedWorkers(study: SharedStudy): KilledWorkers {
  const living: KilledWorker[] = [];
  const all: KilledWorker[] = [];
  const faults: string[] = [];
  const start = (moment?: Moment) => {
    const child = workerOf('work', study, all.length);
    const said: string[] = [];
    let isKilled = false;
    const kill = () => {
      isKilled = true;
      child.kill('SIGKILL');
      return ended;
    };
    createInterface({ input: child.stdout! }).on('line', (line) => {
      if (said.push(line) === moment?.lines) setTimeout(kill, moment.ms);
    });
    const err = errorsOf(child);
    const ended = once(child, 'close').then(([code]) => {
      living.splice(living.indexOf(worker), 1);
      if (!isKilled) faults.push(`a process ended by itself with ${code}: ${err()}`);
    });
    const worker: KilledWorker = { said, ended, kill };
    living.push(worker);
    all.push(worker);
    return worker;
  };
  return { living, all, start, faults };
}

/** Makes the study where there is none, and evaluates what was abandoned in it. Throws where the process fails. */
export async function finishStudy(study: SharedStudy): Promise<void> {
  const child = workerOf('finish', study, 1);
  const err = errorsOf(child);
  child.stdout!.resume();
  const [code] = await once(child, 'close');
  if (code !== 0) throw new Error(`the last process ended with ${code}: ${err()}`);
}

/** What a process has written to standard error. */
function errorsOf({ stderr }: ChildProcess): () => string {
  let text = '';
  stderr!.on('data', (data) => {
    text += data;
  });
  return () => text.trim();
}

function workerOf(
  part: 'work' | 'finish',
  { storage, address, name, leaseMs, compiled, program }: SharedStudy,
  seed: number,
): ChildProcess {
  const words = [part, storage, address, name, `${leaseMs}`, `${seed}`];
  return spawn(process.execPath, [program, ...words], {
    stdio: ['ignore', 'pipe', 'pipe'],
    env: { ...process.env, NODE_COMPILE_CACHE: compiled },
  });
}
