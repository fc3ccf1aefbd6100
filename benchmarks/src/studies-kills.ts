import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Acknowledged, acknowledged, draws, logFaults } from './studies-kills-faults.ts';
import { storages } from './studies-storages.ts';
import {
  finishStudy,
  type KilledWorker,
  type KilledWorkers,
  killedWorkers,
  type SharedStudy,
} from './studies-workers.ts';

export interface KillOptions {
  /** The name of the storage. */
  readonly storage: string;
  readonly address: string;
  readonly kills: number;
  readonly processes: number;
  readonly seed: number;
}

/** A study at rest. */
interface StudyResult extends Acknowledged {
  readonly trials: number;
  readonly events: number;
  readonly failed: number;
  /** Records that kills left unfinished. */
  readonly torn: number;
  /** What is lost, doubled or wrong; empty where nothing is. */
  readonly faults: readonly string[];
}

export interface KillResult extends StudyResult {
  readonly kills: number;
  /** How many kills met a process in this call, or between two. */
  readonly during: Readonly<Record<'ask' | 'report' | 'tell' | 'between', number>>;
  readonly seconds: number;
}

/** Milliseconds of a lease: a trial takes a few of them, also on a busy machine. */
const leaseMs = 2000;
/** Lines that a process writes at most before it is killed, two a call: the calls of six trials. */
const mostLines = 60;
/** Milliseconds after that line at most: longer than any call takes alone. */
const longestPause = 20;

/**
 * Keeps so many processes at work on one study and ends each by SIGKILL at a moment by the seed, the first calls that open the
 * study among them, until all of `kills` are done. Then one process evaluates what they left, and the log is compared with
 * what was acknowledged to the killed ones.
 */
export async function killWorkers(options: KillOptions): Promise<KillResult> {
  const { kills, processes, seed } = options;
  const start = performance.now();
  const during = { ask: 0, report: 0, tell: 0, between: 0 };
  const result = await withStudy({ ...options, name: `kills-${seed}` }, async (workers) => {
    let begun = 0;
    const oneAfterAnother = async () => {
      while (begun < kills && workers.faults.length === 0) {
        const draw = draws(`kills ${seed} ${begun++}`);
        const worker = workers.start({ lines: 1 + draw(mostLines), ms: draw(longestPause) });
        await worker.ended;
        during[callOf(worker)]++;
      }
    };
    await Promise.all(Array.from({ length: processes }, oneAfterAnother));
  });
  const seconds = (performance.now() - start) / 1000;
  return { kills: Object.values(during).reduce((a, b) => a + b), during, ...result, seconds };
}

/** Makes a study, lets processes work on it, kills those that live still, finishes it and looks at its log. */
async function withStudy(
  { storage, address, name }: Pick<SharedStudy, 'storage' | 'address' | 'name'>,
  work: (workers: KilledWorkers) => Promise<void>,
): Promise<StudyResult> {
  const compiled = mkdtempSync(join(tmpdir(), 'foothold-compiled-'));
  const study: SharedStudy = { storage, address, name, leaseMs, compiled };
  try {
    await finishStudy(study);
    const workers = killedWorkers(study);
    try {
      await work(workers);
    } finally {
      await Promise.all(workers.living.map(({ kill }) => kill()));
    }
    await finishStudy(study);
    return await resultOf(study, workers);
  } finally {
    rmSync(compiled, { recursive: true, force: true });
  }
}

function callOf({ said }: KilledWorker): keyof KillResult['during'] {
  const word = said.at(-1)?.split(' ')[0];
  return word === 'ask' || word === 'report' || word === 'tell' ? word : 'between';
}

async function resultOf(
  { storage: name, address, name: study }: SharedStudy,
  { all, faults }: KilledWorkers,
): Promise<StudyResult> {
  const storage = await storages[name]!.open(address);
  try {
    const events = await storage.read(study, 0);
    const said = all.map((worker) => worker.said);
    const isFailed = (event: (typeof events)[number]) =>
      event.type === 'told' && event.outcome.state === 'failed';
    return {
      ...acknowledged(said),
      trials: events.filter(({ type }) => type === 'told').length,
      events: events.length,
      failed: events.filter(isFailed).length,
      torn: (await storage.torn?.(study))?.length ?? 0,
      faults: [...faults, ...logFaults(events, said)],
    };
  } finally {
    await storage.close?.();
  }
}
