import type { AdviserFlags } from '../language-model/adviser-flags.ts';
import type { RunOptions } from '../run-options.ts';
import type { StopFlags } from '../stop-rules.ts';
import type { TrainingFlags } from '../training/training-of-flags.ts';

export interface TuneOptions extends RunOptions, StopFlags, AdviserFlags, TrainingFlags {
  readonly space: string;
  readonly run: string;
  readonly trials: number;
  /** False where the number is the default. */
  readonly trialsGiven?: boolean;
  readonly sampler: string;
  readonly enqueue?: readonly string[];
  readonly from?: readonly string[];
  readonly method?: string;
  readonly gated?: boolean;
  readonly features?: readonly number[];
  readonly prune?: string;
  readonly objective?: readonly string[];
}
