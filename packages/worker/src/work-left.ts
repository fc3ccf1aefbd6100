import { trainingCosts } from '@foothold/study';
import { lateFirst } from './late-first.ts';
import type { WorkerRun } from './worker-run.ts';

export interface WorkLeft {
  /** Every trial of the study has ended, and no other is to begin. */
  readonly isDone: boolean;
  /** How many trials may begin that nobody has, as far as can be said. */
  readonly open: number;
}

/** What the log says is left to do, whatever the queue has. Throws StorageError, with `retry`, while the server is gone. */
export async function workLeft(run: WorkerRun): Promise<WorkLeft> {
  const { options, study, running } = run;
  const all = (await study.trials()).filter(({ loaded }) => !loaded);
  await lateFirst(run);
  const abandoned = await study.abandoned(); // those that were lost too often fail
  if (typeof options.trials === 'number') {
    const left = Math.max(0, options.trials - all.filter(({ state }) => state !== 'running').length);
    return { isDone: left === 0, open: Math.max(0, left - (await study.held()).length - running.size) };
  }
  const { fidelity, budget } = options.trials;
  const rest = trainingCosts(all, fidelity).reduce((sum, cost) => sum - cost, budget);
  // How many pieces there will be is the sampler's affair: a job for each full training that is left, and more when these are taken.
  return {
    isDone: rest <= 0 && all.every(({ state }) => state !== 'running'),
    open: abandoned.length + Math.max(0, Math.ceil(rest / fidelity.max)),
  };
}
