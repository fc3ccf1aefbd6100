import type { Params, SearchSpace, Trial } from '@foothold/core';
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

/** What `minimize` and `maximize` take: the options of `createStudy` and of `optimize`. */
export interface MinimizeOptions<P extends Params>
  extends Omit<StudyOptions<P>, 'space' | 'direction' | 'trials'>,
    Omit<OptimizeOptions<P>, 'trials' | 'newTrials'> {
  /** Evaluations in all; with `storage`, those of earlier runs count. Default: 50. */
  readonly trials?: number | undefined;
  /** Parameters to try next, unless the study has a trial with them already; of some only, the sampler chooses the others. */
  readonly enqueue?: readonly Partial<P>[] | undefined;
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
  options: MinimizeOptions<P> = {},
): Promise<MinimizeResult<P>> {
  return search(objective, { ...options, space, direction: 'minimize' });
}

/** The parameters with the largest value of the objective; otherwise as `minimize`. */
export function maximize<P extends Params>(
  objective: ObjectiveFunction<P>,
  space: SearchSpace<P>,
  options: MinimizeOptions<P> = {},
): Promise<MinimizeResult<P>> {
  return search(objective, { ...options, space, direction: 'maximize' });
}

async function search<P extends Params>(
  objective: ObjectiveFunction<P>,
  options: MinimizeOptions<P> & Pick<StudyOptions<P>, 'space' | 'direction'>,
): Promise<MinimizeResult<P>> {
  const { trials: count = 50, enqueue = [], concurrency, timeout, signal, onTrial, ...rest } = options;
  const { failures, stop, ...goal } = rest;
  const study = createStudy<P>({ ...goal, trials: count });
  for (const params of enqueue) await enqueueOnce(study, params);
  const { stopped, reason } = await optimize(study, objective, {
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
