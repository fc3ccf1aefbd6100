import { type Params, type Trial, TrialStateError } from '@foothold/core';
import type { LocalStudy } from '@foothold/study';
import type { TrialJob } from './trial-job.ts';
import type { WorkerRun } from './worker-run.ts';

/** A trial that this worker has, and the study that takes its outcome. */
export interface ClaimedTrial {
  readonly study: LocalStudy;
  readonly trial: Trial<Params>;
}

/** Who holds a trial whose program failed, until its job is due again. */
export function waitingOwner(job: string): string {
  return `back-off ${job}`;
}

/**
 * The trial that failed under this job and waited for it, or else the next trial. Throws TrialLimitError where the study has all its
 * trials, what `ask` throws, and the reason of `drain` once it aborts.
 */
export async function claimed(run: WorkerRun, job: TrialJob): Promise<ClaimedTrial> {
  const { study, options, drain } = run;
  const again = job.again === undefined ? undefined : await takenOver(run, job, job.again);
  if (again) return again;
  return { study, trial: await study.ask({ trials: options.trials, signal: drain }) };
}

/** The trial that waited for the job; undefined where it waits no more: somebody has it, or it has ended. */
export async function takenOver(
  { options }: Pick<WorkerRun, 'options'>,
  job: TrialJob,
  number: number,
): Promise<ClaimedTrial | undefined> {
  const { study: shared, lease } = options;
  try {
    await shared.worker(lease).renew(number, { from: waitingOwner(job.id) });
  } catch (error) {
    if (error instanceof TrialStateError) return undefined;
    throw error;
  }
  const own = shared.worker({ ...lease, holds: [number] });
  const trial = await own.trial(number);
  return trial && { study: own, trial };
}
