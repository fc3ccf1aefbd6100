import {
  type Acquisition,
  type Direction,
  InvalidArgumentError,
  type LinearAlgebra,
  type Params,
  type SearchSpace,
  type Storage,
  type Trial,
} from '@foothold/core';
import {
  type CompleteTrial,
  createStudy,
  type LeaseOptions,
  type ObjectiveFunction,
  optimize,
  type PastTrial,
} from '@foothold/study';
import { type AcrossScalesOptions, type AcrossScalesResult, acrossScales } from './across-scales.ts';
import { autoSampler } from './auto-sampler.ts';
import { type ParameterShift, shifted, shiftText } from './learning-rate-shift.ts';
import { found } from './minimize.ts';
import type { TransferSource } from './transfer-source.ts';

export interface SmallToLargeOptions<P extends Params> {
  readonly space: SearchSpace<P>;
  /** The cheap problem: a smaller network, fewer epochs, a part of the data. Not needed with `smallHistory`. */
  readonly small?: ObjectiveFunction<P> | undefined;
  /** The problem that counts. */
  readonly large: ObjectiveFunction<P>;
  /** `minimize` unless told; both problems have the same direction, their values need not have the same scale. */
  readonly direction?: Direction | undefined;
  /** Evaluations of the small problem, 20 unless told. */
  readonly smallTrials?: number | undefined;
  /** Evaluations of the large problem, 10 unless told. */
  readonly largeTrials?: number | undefined;
  /** Evaluations of the small problem before its model is used; chosen by the sampler unless told. */
  readonly initialTrials?: number | undefined;
  /** What is known of the small problem already: then it is not run. */
  readonly smallHistory?: readonly PastTrial<P>[] | undefined;
  /** Where good parameters of the small problem are expected on the large one; see `learningRateShift`. */
  readonly shift?: ParameterShift | undefined;
  /** What the search maximizes; log expected improvement unless told. */
  readonly acquisition?: Acquisition | undefined;
  readonly linalg?: LinearAlgebra | undefined;
  /** Where both studies are kept (memory unless told), as `NAME-small` and `NAME-large`: the same call continues stopped ones. */
  readonly storage?: Storage | undefined;
  readonly name?: string | undefined;
  readonly seed?: number | undefined;
  /** Evaluations at a time, 1 unless told. */
  readonly concurrency?: number | undefined;
  /** Milliseconds of a clock that all workers of the study share, such as `Date.now`; needed for `lease.ms`. */
  readonly clock?: (() => number) | undefined;
  /** For several workers on one storage: who this one is, and after which silence its trials are given to another. */
  readonly lease?: LeaseOptions | undefined;
  readonly signal?: AbortSignal | undefined;
  readonly onTrial?: ((trial: Trial<P>, stage: 'small' | 'large') => void) | undefined;
}

/** A stage's evaluations in order, in the parameters' own units, and the best of them. */
export interface Stage<P extends Params> {
  readonly trials: readonly Trial<P>[];
  /** Parameters and values of the complete trials, in order. */
  readonly x: readonly P[];
  readonly y: readonly number[];
  readonly best: CompleteTrial<P> | undefined;
}

export interface SmallToLargeResult<P extends Params> {
  /** Best parameters of the large problem, and their value. */
  readonly params: P;
  readonly value: number;
  readonly best: CompleteTrial<P>;
  readonly small: Stage<P>;
  readonly large: Stage<P>;
}

/**
 * Tunes a small version of a problem and carries what it learned to the large one, which starts at the small one's best
 * parameters (`shift`ed where told) and is guided by its whole history.
 *
 * With `storage` it may be stopped between any two trials, in either stage, and continued by the same call. Throws
 * InvalidArgumentError when neither `small` nor `smallHistory` is given, or when no evaluation of the large problem
 * completed. After `signal` aborts before the large problem has a complete trial it throws the signal's reason.
 *
 * With `scales` (two or more: 5, 15 and 52 epochs; 5 %, 25 % and 100 % of the data) and a `budget` of cost, it decides
 * before each evaluation which parameters to try at which scale: where the evaluation pays most for its cost (see
 * `multiFidelitySampler` and `multiFidelity`). One study holds all scales, with the fidelity as one more parameter. The answer has
 * been evaluated at the last scale. Throws InvalidArgumentError for scales, costs and a budget that cannot be.
 */
export function smallToLarge<P extends Params>(
  options: AcrossScalesOptions<P>,
): Promise<AcrossScalesResult<P>>;
export function smallToLarge<P extends Params>(
  options: SmallToLargeOptions<P>,
): Promise<SmallToLargeResult<P>>;
export async function smallToLarge<P extends Params>(
  options: SmallToLargeOptions<P> | AcrossScalesOptions<P>,
): Promise<SmallToLargeResult<P> | AcrossScalesResult<P>> {
  return 'scales' in options ? acrossScales(options) : twoStages(options);
}

async function twoStages<P extends Params>(options: SmallToLargeOptions<P>): Promise<SmallToLargeResult<P>> {
  const {
    space,
    storage,
    name = 'small-to-large',
    seed = 0,
    direction = 'minimize',
    linalg,
    acquisition,
  } = options;
  const { small, smallHistory, smallTrials = 20, largeTrials = 10, signal, concurrency, onTrial } = options;
  const { shift } = options;
  const worker = { clock: options.clock, lease: options.lease };
  if (shift) shifted(space, space.decode(new Float64Array(space.columns.length).fill(0.5)), shift);
  if (!small && !smallHistory)
    throw new InvalidArgumentError(
      'small',
      undefined,
      'the small objective, or smallHistory with past trials of it',
    );

  const smallStudy = createStudy<P>({
    space,
    sampler: autoSampler({ linalg, acquisition, initialTrials: options.initialTrials }),
    direction,
    storage,
    name: `${name}-small`,
    seed,
    budget: smallTrials,
    ...worker,
  });
  if (smallHistory && (await smallStudy.trials()).length === 0) await smallStudy.load(smallHistory);
  if (small && !smallHistory)
    await optimize(smallStudy, small, {
      total: smallTrials,
      concurrency,
      signal,
      onTrial: onTrial && ((trial) => onTrial(trial, 'small')),
    });
  signal?.throwIfAborted();
  const smallStage = await stageOf(smallStudy);

  const largeStudy = createStudy<P>({
    space,
    sampler: autoSampler({
      linalg,
      acquisition,
      transfer: [sourceOf(space, smallStage, { shift, direction })],
    }),
    direction,
    storage,
    name: `${name}-large`,
    seed,
    budget: largeTrials,
    ...worker,
  });
  if (smallStage.best && (await largeStudy.trials()).length === 0)
    await largeStudy.enqueue(shifted(space, smallStage.best.params, shift).params);
  await optimize(largeStudy, options.large, {
    total: largeTrials,
    concurrency,
    signal,
    onTrial: onTrial && ((trial) => onTrial(trial, 'large')),
  });
  const largeStage = await stageOf(largeStudy);
  if (!largeStage.best) signal?.throwIfAborted();
  return { ...found(largeStage.best, largeStage.trials), small: smallStage, large: largeStage };
}

/** The small stage as the large one hears of it; its name, which `why` shows, says how it was shifted. */
function sourceOf<P extends Params>(
  space: SearchSpace<P>,
  { trials }: Stage<P>,
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

async function stageOf<P extends Params>(study: {
  trials(): Promise<readonly Trial<P>[]>;
  best(): Promise<CompleteTrial<P> | undefined>;
}): Promise<Stage<P>> {
  const trials = await study.trials();
  const complete = trials.filter((t) => t.state === 'complete');
  return {
    trials,
    x: complete.map((t) => t.params),
    y: complete.map((t) => t.value),
    best: await study.best(),
  };
}
