import type { Params, TrainingFidelity, Trial } from '@foothold/core';
import type { CompleteTrial, LocalStudy, OptimizeOptions, OptimizeResult } from '@foothold/study';
import type { StudyOptions } from './create-study.ts';

/** What `minimize` and `maximize` take: the options of `createStudy` and of `optimize`. */
export interface MinimizeOptions<P extends Params>
  extends Omit<StudyOptions<P>, 'space' | 'direction' | 'trials' | 'fidelity'>,
    Omit<OptimizeOptions<P>, 'trials' | 'newTrials'> {
  /** Evaluations in all; with `storage`, those of earlier runs count. Default: 50. */
  readonly trials?: number | undefined;
  /** Parameters to try next, unless the study has a trial with them already; of some only, the sampler chooses the others. */
  readonly enqueue?: readonly Partial<P>[] | undefined;
  /** `TrainingOptions` have one. */
  readonly fidelity?: undefined;
}

/** What `minimize` and `maximize` take where trials are pieces of training. */
export interface TrainingOptions<P extends Params> extends Omit<MinimizeOptions<P>, 'trials' | 'fidelity'> {
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
