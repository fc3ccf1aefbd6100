import {
  InvalidArgumentError,
  type LinearAlgebra,
  type Outcome,
  type Params,
  type Sampler,
  type SearchSpace,
  type Storage,
  type Trial,
} from '@foothold/core';
import {
  type CompleteTrial,
  enqueueOnce,
  type LeaseOptions,
  type LocalStudy,
  type ObjectiveFunction,
  optimize,
} from '@foothold/study';
import { createStudy } from './create-study.ts';
import type { TransferOptions } from './transfer-source.ts';

export interface MinimizeOptions<P extends Params> extends TransferOptions {
  /** Evaluations in all, 50 unless told; with `storage`, those of earlier runs count. */
  readonly trials?: number | undefined;
  /** Evaluations at a time, 1 unless told. */
  readonly concurrency?: number | undefined;
  /** Milliseconds after which no evaluation is begun. */
  readonly timeout?: number | undefined;
  readonly seed?: number | undefined;
  /** How to propose; `autoSampler()` unless told. */
  readonly sampler?: Sampler | undefined;
  /** Compute backend of the default sampler. */
  readonly linalg?: LinearAlgebra | undefined;
  /** Where the study is kept (memory unless told) and its name there: the same call continues a stopped one. */
  readonly storage?: Storage | undefined;
  readonly name?: string | undefined;
  /** Parameters to try next, unless the study has a trial with them already; of some only, the sampler chooses the others. */
  readonly enqueue?: readonly Partial<P>[] | undefined;
  /** Milliseconds of a clock that all workers of the study share, such as `Date.now`; needed for `lease.ms`. */
  readonly clock?: (() => number) | undefined;
  /** For several workers on one storage: who this one is, and after which silence its trials are given to another. */
  readonly lease?: LeaseOptions | undefined;
  readonly signal?: AbortSignal | undefined;
  readonly onTrial?: ((trial: Trial<P>) => void) | undefined;
}

export interface MinimizeResult<P extends Params> {
  readonly params: P;
  readonly value: number;
  readonly best: CompleteTrial<P>;
  readonly trials: readonly Trial<P>[];
  readonly study: LocalStudy<P>;
}

/**
 * The parameters with the smallest value of the objective, found in few evaluations.
 *
 * An objective that throws makes a failed trial with the reason, and the search goes on around it. Throws
 * InvalidArgumentError when not a single evaluation completed, with the first reason, and for options that do not go
 * together, or not with the sources.
 */
export function minimize<P extends Params>(
  objective: ObjectiveFunction<P>,
  space: SearchSpace<P>,
  options: MinimizeOptions<P> = {},
): Promise<MinimizeResult<P>> {
  return search(objective, space, { ...options, direction: 'minimize' });
}

/** The parameters with the largest value of the objective; otherwise as `minimize`. */
export function maximize<P extends Params>(
  objective: ObjectiveFunction<P>,
  space: SearchSpace<P>,
  options: MinimizeOptions<P> = {},
): Promise<MinimizeResult<P>> {
  return search(objective, space, { ...options, direction: 'maximize' });
}

async function search<P extends Params>(
  objective: ObjectiveFunction<P>,
  space: SearchSpace<P>,
  options: MinimizeOptions<P> & { readonly direction: 'minimize' | 'maximize' },
): Promise<MinimizeResult<P>> {
  const total = options.trials ?? 50;
  const study = createStudy<P>({
    space,
    sampler: options.sampler,
    linalg: options.linalg,
    transfer: options.transfer,
    method: options.method,
    gated: options.gated,
    metaFeatures: options.metaFeatures,
    direction: options.direction,
    storage: options.storage,
    name: options.name,
    seed: options.seed,
    trials: total,
    clock: options.clock,
    lease: options.lease,
  });
  for (const params of options.enqueue ?? []) await enqueueOnce(study, params);
  const { concurrency, timeout, signal, onTrial } = options;
  await optimize(study, objective, { trials: total, concurrency, timeout, signal, onTrial });
  const trials = await study.trials();
  return { ...found(await study.best(), trials), trials, study };
}

/** The best trial as a result. Throws InvalidArgumentError when there is none. */
export function found<P extends Params>(best: CompleteTrial<P> | undefined, trials: readonly Trial<P>[]) {
  if (best) return { params: best.params, value: best.value, best };
  const failed = trials.find(
    (t): t is Trial<P> & Extract<Outcome, { state: 'failed' }> => t.state === 'failed',
  );
  throw new InvalidArgumentError(
    'objective',
    failed?.reason ?? 'no evaluation',
    'a function that returns a finite number for at least one of its evaluations',
  );
}
