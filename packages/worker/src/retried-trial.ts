import { type Outcome, type Params, type Report, type Study, TrialStateError } from '@foothold/core';
import { type ClaimedTrial, waitingOwner } from './claimed-trial.ts';
import { failuresAttribute, failuresOf, refuseFailureCount } from './failure-count.ts';
import { refuseUnready } from './given-back.ts';
import type { TrialJob } from './trial-job.ts';
import type { WorkerRun } from './worker-run.ts';

/** A trial under evaluation that is tried again where its program fails. */
export interface RetriedTrial {
  /** The study for `evaluate`: a failure that is to be tried again is not told. */
  readonly study: Study<Params>;
  /** The outcome as it was told; undefined where none was: the trial waits for another try. */
  told(): Outcome | undefined;
}

export function retriedTrial(run: WorkerRun, job: TrialJob, found: ClaimedTrial): RetriedTrial {
  const { failures: most, onNote, textOf = (text) => text } = run.options;
  const { study, trial } = found;
  const { number } = trial;
  const before = failuresOf(trial.attributes);
  let told: Outcome | undefined;
  const kept = async (outcome: Outcome, call: () => Promise<void>): Promise<void> => {
    try {
      await run.keep(call);
    } catch (error) {
      if (error instanceof TrialStateError)
        onNote(`an outcome is not taken, ${JSON.stringify(outcome)}: ${error.message}`);
      throw error;
    }
  };
  const tell: Study<Params>['tell'] = async (_, outcome, notes) => {
    if (outcome.state !== 'failed') {
      await kept(outcome, () => study.tell(number, outcome, notes));
      told = outcome;
      return;
    }
    // A failure of this machine is none of the trial.
    await refuseUnready(run, job, found);
    const failed = { ...outcome, reason: textOf(outcome.reason) };
    const counted = { [failuresAttribute]: before + 1 };
    if (before < most) {
      run.evaluating.delete(number); // it may be given out here again
      await kept(failed, givingBack(run, { job, found: { study, trial }, counted }));
      onNote(`trial ${number} failed and is tried again: ${failed.reason}`);
      return;
    }
    const attributes = { ...notes?.attributes, ...counted };
    await kept(failed, () => study.tell(number, failed, { ...notes, attributes }));
    told = failed;
  };
  return {
    study: {
      ...study,
      tell,
      report: (...report) => run.keep(() => study.report(...report)),
      ...(study.reportAll && {
        reportAll: (of: number, reports: readonly Report[]) => run.keep(() => study.reportAll!(of, reports)),
      }),
      note: async (of, notes) => {
        refuseFailureCount(notes);
        return run.keep(() => study.note(of, notes));
      },
    },
    told: () => told,
  };
}

/**
 * A call after which the trial waits for its job, which waits in the queue. Where the job was given back too often the next ask has the
 * trial. It may be made again where its answer was lost: what was done then stays as it is.
 */
function givingBack(
  { options }: WorkerRun,
  {
    job,
    found: { study, trial },
    counted,
  }: {
    readonly job: TrialJob;
    readonly found: ClaimedTrial;
    readonly counted: Readonly<Record<string, number>>;
  },
): () => Promise<void> {
  const { queue, lease, clock, study: shared } = options;
  const { number } = trial;
  let isLastStep = false;
  return async () => {
    try {
      // A trial that another worker has by now stays theirs; after this nobody takes it for as long as a lease is.
      await study.renew(number);
    } catch (error) {
      // The last step was done, and its answer lost: the trial waits, or somebody has it by now.
      if (isLastStep && error instanceof TrialStateError) return;
      throw error;
    }
    await study.note(number, { attributes: counted });
    const due = await queue.retry(job.id, number);
    isLastStep = true;
    if (due === undefined) return study.release(number);
    // A worker that never comes back for it may be silent as long as any other.
    const ms = Math.max(0, due - clock()) + lease.ms;
    await shared.worker({ owner: waitingOwner(job.id), ms }).renew(number);
  };
}
