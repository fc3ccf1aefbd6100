import type { ClaimedTrial } from './claimed-trial.ts';
import type { TrialJob } from './trial-job.ts';
import type { WorkerRun } from './worker-run.ts';

/** Gives back the trial, where there is one, and ends its job: another one is sent for it. A server that is gone is not waited for. */
export async function givenBack(
  { options }: Pick<WorkerRun, 'options'>,
  job: TrialJob,
  found?: ClaimedTrial,
): Promise<void> {
  // A trial that somebody else has taken stays with them.
  await found?.study.release(found.trial.number).catch(() => undefined);
  await options.queue.complete(job.id).catch(() => undefined);
}

/** Where this machine lacks what the trial needs: gives the trial back, and throws what `ready` throws. */
export async function refuseUnready(
  run: Pick<WorkerRun, 'options'>,
  job: TrialJob,
  found: ClaimedTrial,
): Promise<void> {
  try {
    await run.options.ready?.();
  } catch (error) {
    await givenBack(run, job, found);
    throw error;
  }
}
