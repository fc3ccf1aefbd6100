import { type Params, type TrainingPiece, type Trial, TrialStateError } from '@foothold/core';
import { type LocalStudy, piecesOf } from '@foothold/study';
import { lateFirst } from './late-first.ts';
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
 * The trial that failed under this job and waited for it, or else the next trial. Calls with the same `key` have the same trial: one whose
 * answer was lost may be made again. Throws TrialLimitError where the study has all its trials, what `ask` throws, and the reason of `drain`
 * once it aborts.
 */
export async function claimed(run: WorkerRun, job: TrialJob, key: string): Promise<ClaimedTrial> {
  const { study, options, drain } = run;
  const again = job.again === undefined ? undefined : await takenOver(run, job, { number: job.again, key });
  if (again) return again;
  await lateFirst(run);
  // Of pieces of training `study` refuses those beyond the budget.
  const trials = typeof options.trials === 'number' ? options.trials : undefined;
  return { study, trial: await study.ask({ trials, signal: drain, key }) };
}

/**
 * The trial that waited for the job; undefined where it waits no more: somebody has it, but not by a call of the same `key`, or it has
 * ended.
 */
export async function takenOver(
  { options }: Pick<WorkerRun, 'options'>,
  job: TrialJob,
  { number, key }: { readonly number: number; readonly key: string },
): Promise<ClaimedTrial | undefined> {
  const { study: shared, lease } = options;
  try {
    await shared.worker(lease).renew(number, { from: waitingOwner(job.id), key });
  } catch (error) {
    if (error instanceof TrialStateError) return undefined;
    throw error;
  }
  const own = shared.worker({ ...lease, holds: [number] });
  const [trial, piece] = await Promise.all([own.trial(number), pieceOf(own, number)]);
  return trial && { study: own, trial: piece ? { ...trial, piece } : trial };
}

/** The piece of training that a running trial is; undefined where trials are none. */
async function pieceOf(study: LocalStudy, number: number): Promise<TrainingPiece | undefined> {
  const { fidelity } = study.goal;
  if (!fidelity) return undefined;
  const [trials, deleted] = await Promise.all([study.trials(), study.deletedTrials()]);
  const own = piecesOf(trials, fidelity, deleted).find(({ pieces }) =>
    pieces.some((piece) => piece.number === number),
  );
  if (!own) return undefined;
  const { params } = own.pieces.find((piece) => piece.number === number)!;
  const from = fidelity.continues === false ? 0 : own.reached;
  return { configuration: own.number, from, to: Number(params[fidelity.name]) };
}
