import {
  type Acquisition,
  type Direction,
  InvalidArgumentError,
  type Params,
  type Sampler,
  type SearchSpace,
  type Trial,
} from '@foothold/core';
import {
  bestTrial,
  type CompleteTrial,
  createStudy,
  enqueueOnce,
  type LocalStudy,
  type ObjectiveFunction,
  optimize,
  type PastTrial,
  type TransferSource,
} from '@foothold/study';
import { autoSampler } from './auto-sampler.ts';
import { bestResult } from './best-result.ts';
import { checkShift, type ParameterShift, shifted, shiftText } from './learning-rate-shift.ts';
import { type RunOptions, studyOptionsOf } from './run-options.ts';
import { type Stage, stageOf } from './stage.ts';
import { storedGoal } from './stored-goal.ts';

/** What `smallToLarge` takes. With `storage` its studies are kept as `NAME-small` and `NAME-large`. */
export interface SmallToLargeOptions<P extends Params> extends RunOptions {
  readonly space: SearchSpace<P>;
  /** The cheap problem: a smaller network, fewer epochs, a part of the data. Not needed with `smallHistory`. */
  readonly small?: ObjectiveFunction<P> | undefined;
  /** The problem that counts. Both problems have the same direction, their values need not have the same scale. */
  readonly large: ObjectiveFunction<P>;
  /** Evaluations of the small problem. Default: 20. */
  readonly smallTrials?: number | undefined;
  /** Evaluations of the large problem. Default: 10. */
  readonly largeTrials?: number | undefined;
  /** Evaluations of the small problem before its model is used. Default: chosen by the sampler. */
  readonly initialTrials?: number | undefined;
  /** What is known of the small problem already: then it is not run. */
  readonly smallHistory?: readonly PastTrial<P>[] | undefined;
  /** Where good parameters of the small problem are expected on the large one; see `learningRateShift`. */
  readonly shift?: ParameterShift | undefined;
  /** What the search maximizes. Default: log expected improvement. */
  readonly acquisition?: Acquisition | undefined;
  readonly onTrial?: ((trial: Trial<P>, stage: 'small' | 'large') => void) | undefined;
}

/** What `smallToLarge` returns. */
export interface SmallToLargeResult<P extends Params> {
  /** Best parameters of the large problem, and their value. */
  readonly params: P;
  readonly value: number;
  readonly best: CompleteTrial<P>;
  readonly small: Stage<P>;
  readonly large: Stage<P>;
}

/**
 * The best parameters of a large problem, found by tuning a small version of it first. The large problem starts at the small
 * one's best parameters (moved by `shift`) and is guided by its whole history.
 *
 * With `storage` it may be stopped between any two trials, in either stage, and continued by the same call. Throws
 * InvalidArgumentError when neither `small` nor `smallHistory` is given, or when no evaluation of the large problem
 * completed. After `signal` aborts before the large problem has a complete trial it throws the signal's reason.
 * For more than two fidelities, or a budget of cost, see `multiFidelity`.
 */
export async function smallToLarge<P extends Params>(
  options: SmallToLargeOptions<P>,
): Promise<SmallToLargeResult<P>> {
  const { space, signal, shift, small, smallHistory } = options;
  checkShift(space, shift);
  if (!small && !smallHistory)
    throw new InvalidArgumentError(
      'small',
      undefined,
      'the small objective, or smallHistory with past trials of it',
    );
  const smallStudy = await smallStudyOf(options);
  signal?.throwIfAborted();
  const smallStage = stageOf(await smallStudy.trials(), smallStudy.goal);
  const large = await largeStageOf(options, smallStudy);
  if (!large.best) signal?.throwIfAborted();
  return { ...(await bestResult(large.best, large.trials)), small: smallStage, large };
}

/** The study of the small problem, with its trials. */
async function smallStudyOf<P extends Params>(options: SmallToLargeOptions<P>): Promise<LocalStudy<P>> {
  const { linalg, acquisition, initialTrials, small, smallHistory, smallTrials = 20 } = options;
  const sampler = autoSampler({ linalg, acquisition, initialTrials });
  const study = await studyOf(options, { stage: 'small', sampler, trials: smallTrials });
  if (smallHistory && (await study.trials()).length === 0) await study.load(smallHistory);
  if (small && !smallHistory) await run(options, { study, stage: 'small', trials: smallTrials });
  return study;
}

async function largeStageOf<P extends Params>(
  options: SmallToLargeOptions<P>,
  small: LocalStudy<P>,
): Promise<Stage<P>> {
  const { space, shift, linalg, acquisition, largeTrials = 10 } = options;
  const past = await small.pastTrials();
  const transfer = [sourceOf(space, past, { shift, direction: small.goal.direction })];
  const sampler = autoSampler({ linalg, acquisition, transfer });
  const study = await studyOf(options, { stage: 'large', sampler, trials: largeTrials });
  // After an edit the best trial may be outside of the space.
  const inside = past.filter(({ outside }) => outside === undefined);
  const best = bestTrial(inside, small.goal);
  if (best && (await study.trials()).length === 0)
    await enqueueOnce(study, shifted(space, best.params, shift).params);
  await run(options, { study, stage: 'large', trials: largeTrials });
  return stageOf(await study.trials(), study.goal);
}

async function studyOf<P extends Params>(
  options: SmallToLargeOptions<P>,
  of: { readonly stage: 'small' | 'large'; readonly sampler: Sampler; readonly trials: number },
): Promise<LocalStudy<P>> {
  const { stage, sampler, trials } = of;
  const { name: both, ...rest } = studyOptionsOf(options);
  const name = `${both}-${stage}`;
  const goal = await storedGoal(rest.storage, name);
  return createStudy<P>({ ...rest, ...goal, space: options.space, sampler, trials, name });
}

async function run<P extends Params>(
  options: SmallToLargeOptions<P>,
  of: { readonly study: LocalStudy<P>; readonly stage: 'small' | 'large'; readonly trials: number },
): Promise<void> {
  const { concurrency, signal, onTrial } = options;
  const { study, stage, trials } = of;
  await optimize(study, options[stage]!, {
    trials,
    concurrency,
    signal,
    onTrial: onTrial && ((trial) => onTrial(trial, stage)),
  });
}

/** The small stage as a source for the large one; its name, which `why` shows, says how it was shifted. */
function sourceOf<P extends Params>(
  space: SearchSpace<P>,
  trials: readonly Trial<P>[],
  { shift, direction }: { readonly shift: ParameterShift | undefined; readonly direction: Direction },
): TransferSource {
  if (!shift) return { name: 'small', trials, direction };
  let clipped = 0;
  const moved = trials.map((trial) => {
    const there = shifted(space, trial.params, shift);
    if (there.clipped) clipped++;
    return { ...trial, params: there.params };
  });
  return {
    name: `small, ${shiftText(shift)}${clipped > 0 ? `, ${clipped} clipped` : ''}`,
    trials: moved,
    direction,
  };
}
