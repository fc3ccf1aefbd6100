import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { bundledProgram } from '../../scripts/bundled-program.ts';
import { type Acknowledged, acknowledged, logFaults } from './studies-kills-faults.ts';
import { storages } from './studies-storages.ts';
import { finishStudy, type KilledWorkers, killedWorkers, type SharedStudy } from './studies-workers.ts';

/** A study at rest, after its processes were killed. */
export interface StudyResult extends Acknowledged {
  readonly trials: number;
  readonly events: number;
  /** Trials whose processes were killed too often. */
  readonly failed: number;
  /** Records that kills left unfinished. */
  readonly torn: number;
  /** What is lost, doubled or wrong; empty where nothing is. */
  readonly faults: readonly string[];
}

/** Milliseconds of a lease: a trial takes a few of them, also on a busy machine. */
const leaseMs = 2000;
/** Hundreds of its processes are started: each does so in a quarter of the time where it is one bundle. */
const worker = new URL('./studies-kills-worker.ts', import.meta.url);

/**
 * Makes a study, lets processes work on it, kills those that live still, has one process evaluate what they left, and compares
 * the log with what was acknowledged to them.
 */
export async function killedStudy(
  { storage, address, name }: Pick<SharedStudy, 'storage' | 'address' | 'name'>,
  work: (workers: KilledWorkers) => Promise<void>,
): Promise<StudyResult> {
  const compiled = mkdtempSync(join(tmpdir(), 'foothold-compiled-'));
  try {
    const program = await bundledProgram(fileURLToPath(worker), compiled);
    const study: SharedStudy = { storage, address, name, leaseMs, compiled, program };
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

async function resultOf(
  { storage: name, address, name: study }: SharedStudy,
  { all, faults }: KilledWorkers,
): Promise<StudyResult> {
  const storage = await storages[name]!.open(address);
  try {
    const events = await storage.read(study, 0);
    const said = all.map((worker) => worker.said);
    const outcomes = events.flatMap((event) => (event.type === 'told' ? [event.outcome.state] : []));
    return {
      ...acknowledged(said),
      trials: outcomes.length,
      events: events.length,
      failed: outcomes.filter((state) => state === 'failed').length,
      torn: (await storage.torn?.(study))?.length ?? 0,
      faults: [...faults, ...logFaults(events, said)],
    };
  } finally {
    await storage.close?.();
  }
}
