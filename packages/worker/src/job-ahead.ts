import { takenOver } from './claimed-trial.ts';
import type { JobAhead, TrialJob } from './trial-job.ts';
import type { WorkerRun } from './worker-run.ts';

/**
 * `next` takes a job, or answers undefined where there is no work for one. A held job keeps no other worker from work: jobs name no trial, and
 * one that finds the queue empty sends what the log has open. A job that tries a failed trial again does: it is held for a third of a lease, as
 * long as a worker may be silent, and then whoever asks next gets its trial.
 */
export function jobAhead(
  run: Pick<WorkerRun, 'options'>,
  next: () => Promise<TrialJob | undefined>,
): JobAhead {
  let coming: Promise<TrialJob | undefined> | undefined;
  let job: TrialJob | undefined;
  let timer: ReturnType<typeof setTimeout> | undefined;
  const taken = () => {
    clearTimeout(timer);
    const was = job;
    coming = undefined;
    job = undefined;
    return was;
  };
  const letGo = async () => {
    const was = taken();
    if (was) await givenUp(run, was);
  };
  const hold = (found: TrialJob | undefined) => {
    job = found;
    if (found?.again !== undefined) timer = setTimeout(() => void letGo(), run.options.lease.ms / 3);
    if (!found) coming = undefined;
    return found;
  };
  return {
    begin: () => {
      // What is wrong with the server is for the next trial to report.
      coming ??= next().then(hold, () => hold(undefined));
    },
    take: async () => {
      await coming;
      return taken();
    },
    held: () => (job ? [job.id] : []),
    end: async () => {
      await coming;
      await letGo();
    },
  };
}

/** Ends a job for which nothing was done. The trial that waited for it is the next one to be asked for. A server that is gone is not waited for. */
async function givenUp(run: Pick<WorkerRun, 'options'>, job: TrialJob): Promise<void> {
  try {
    const found = job.again === undefined ? undefined : await takenOver(run, job, job.again);
    await found?.study.release(found.trial.number);
    await run.options.queue.complete(job.id);
  } catch {
    // It goes to another worker once this one has been silent for long enough.
  }
}
