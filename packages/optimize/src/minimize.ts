import { InvalidArgumentError, type Params, type SearchSpace } from '@foothold/core';
import { enqueueOnce, type ObjectiveFunction, optimize } from '@foothold/study';
import { bestResult } from './best-result.ts';
import { createStudy, type StudyOptions } from './create-study.ts';
import type { TrainingFunction } from './learning-curves/training-function.ts';
import type { MinimizeOptions, MinimizeResult, TrainingOptions } from './minimize-options.ts';

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
 * InvalidArgumentError when not a single evaluation completed, with the first reason, when none that did keeps the constraints, with the
 * one that comes closest (a `storage` keeps the others), and for options that do not go together, or not with the sources.
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
  if (options.fidelity !== undefined) {
    const { minimizePieces } = await import('./learning-curves/minimize-pieces.ts');
    return minimizePieces(objective as TrainingFunction<P>, options);
  }
  const { budget, checkpointDirectory } = options as Partial<Omit<TrainingOptions<P>, 'fidelity'>>;
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
  return { ...(await bestResult(await study.best(), trials, study.goal)), trials, stopped, reason, study };
}
