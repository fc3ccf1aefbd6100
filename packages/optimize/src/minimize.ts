import { InvalidArgumentError, type Params, type SearchSpace, type TrainingFidelity, type Trial } from '@foothold/core';
import {
  type CompleteTrial,
  enqueueOnce,
  type LocalStudy,
  type ObjectiveFunction,
  type OptimizeOptions,
  type OptimizeResult,
  optimize,
} from '@foothold/study';
import { bestResult } from './best-result.ts';
import { createStudy, type StudyOptions } from './create-study.ts';
import type { TrainingFunction } from './learning-curves/training-function.ts';

/** What `minimize` and `maximize` take: the options of `createStudy` and of `optimize`. */
export interface MinimizeOptions<P extends Params>
  extends Omit<StudyOptions<P>, 'space' | 'direction' | 'trials' | 'fidelity'>,
    Omit<OptimizeOptions<P>, 'trials' | 'newTrials'> {
  /** Evaluations in all; with `storage`, those of earlier runs count. Default: 50. */
  readonly trials?: number | undefined;
  /** Parameters to try next, unless the study has a trial with them already; of some only, the sampler chooses the others. */
  readonly enqueue?: readonly Partial<P>[] | undefined;
}

/** What `minimize` and `maximize` take where trials are pieces of training. */
export interface TrainingOptions<P extends Params> extends Omit<MinimizeOptions<P>, 'trials'> {
  readonly fidelity: TrainingFidelity;
  /** The budget is that of so many full trainings. Default: 50. */
  readonly trials?: number | undefined;
  /**
   * Instead of `trials`: what all pieces cost together, in units of the fidelity (epochs), those of earlier runs included. At least one
   * full training.
   */
  readonly budget?: number | undefined;
  /** A folder for checkpoints, of which each piece gets one of its own as `context.checkpoint`. Needs Node. Default: none. */
  readonly checkpointDirectory?: string | undefined;
}

/** What `minimize` and `maximize` return. */
export interface MinimizeResult<P extends Params> {
  readonly params: P;
  readonly value: number;
  /** The best complete trial that keeps the constraints; with several objectives by the first of them. */
  readonly best: CompleteTrial<P>;
  readonly trials: readonly Trial<P>[];
  /**
   * Why no more evaluations were begun: `trials` when all were done, after an abort `signal`, and the result is the best so far;
   * the name of a stop rule that was met.
   */
  readonly stopped: OptimizeResult['stopped'];
  /** The same in words. */
  readonly reason: OptimizeResult['reason'];
  /** The study itself: `study.pareto()` has the best trials of several objectives. */
  readonly study: LocalStudy<P>;
}

/**
 * `minimize` with a `fidelity: { name: 'epochs', max: 52 }`: a trial is a piece of training, from the epoch that its configuration has
 * reached to a later one, and before each the sampler decides which configuration goes on, or that a new one begins. The result is
 * the best of those that were trained up to `max`. Throws InvalidArgumentError where there is none, and for a fidelity or a budget that
 * cannot be.
 */
export function minimize<P extends Params>(
  objective: TrainingFunction<P>,
  space: SearchSpace<P>,
  options: TrainingOptions<P>,
): Promise<MinimizeResult<P>>;
/**
 * The parameters with the smallest value of the objective, found in few evaluations.
 *
 * An objective that throws makes a failed trial with the reason, and the search goes on around it. When `signal` aborts, the
 * result is that of the evaluations that completed before, and `stopped` says so. Throws
 * InvalidArgumentError when not a single evaluation completed, with the first reason, and for options that do not go
 * together, or not with the sources.
 */
export function minimize<P extends Params>(
  objective: ObjectiveFunction<P>,
  space: SearchSpace<P>,
  options?: MinimizeOptions<P>,
): Promise<MinimizeResult<P>>;
export function minimize<P extends Params>(
  objective: ObjectiveFunction<P> | TrainingFunction<P>,
  space: SearchSpace<P>,
  options: MinimizeOptions<P> | TrainingOptions<P> = {},
): Promise<MinimizeResult<P>> {
  return search(objective, { ...options, space, direction: 'minimize' });
}

/** `maximize` with a `fidelity`, as for `minimize`. */
export function maximize<P extends Params>(
  objective: TrainingFunction<P>,
  space: SearchSpace<P>,
  options: TrainingOptions<P>,
): Promise<MinimizeResult<P>>;
/** The parameters with the largest value of the objective; otherwise as `minimize`. */
export function maximize<P extends Params>(
  objective: ObjectiveFunction<P>,
  space: SearchSpace<P>,
  options?: MinimizeOptions<P>,
): Promise<MinimizeResult<P>>;
export function maximize<P extends Params>(
  objective: ObjectiveFunction<P> | TrainingFunction<P>,
  space: SearchSpace<P>,
  options: MinimizeOptions<P> | TrainingOptions<P> = {},
): Promise<MinimizeResult<P>> {
  return search(objective, { ...options, space, direction: 'maximize' });
}

async function search<P extends Params>(
  objective: ObjectiveFunction<P> | TrainingFunction<P>,
  options: (MinimizeOptions<P> | TrainingOptions<P>) & Pick<StudyOptions<P>, 'space' | 'direction'>,
): Promise<MinimizeResult<P>> {
  if ('fidelity' in options && options.fidelity !== undefined) {
    const { minimizePieces } = await import('./learning-curves/minimize-pieces.ts');
    return minimizePieces(objective as TrainingFunction<P>, options);
  }
  const { budget, checkpointDirectory } = options as Partial<TrainingOptions<P>>;
  for (const [name, value] of Object.entries({ budget, checkpointDirectory }))
    if (value !== undefined) throw new InvalidArgumentError(name, value, 'given with a fidelity alone');
  const { trials: count = 50, enqueue = [], concurrency, timeout, signal, onTrial, ...rest } = options;
  const { failures, stop, ...goal } = rest;
  const study = createStudy<P>({ ...goal, trials: count });
  for (const params of enqueue) await enqueueOnce(study, params);
  const { stopped, reason } = await optimize(study, objective as ObjectiveFunction<P>, {
    trials: count,
    concurrency,
    timeout,
    signal,
    onTrial,
    failures,
    stop,
  });
  const trials = await study.trials();
  return { ...bestResult(await study.best(), trials), trials, stopped, reason, study };
}
