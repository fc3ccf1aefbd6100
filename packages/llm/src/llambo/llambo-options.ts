import { InvalidArgumentError, type Sampler } from '@foothold/core';
import { random } from '@foothold/samplers';
import { candidateSettings } from '../candidates/candidate-options.ts';
import type { TaskCard } from '../card/task-card-schema.ts';
import type { TaskContext } from '../card/task-text.ts';
import type { Prices } from '../limits/prices.ts';
import type { Warping } from '../views/warping.ts';
import { wholeFromOne } from '../whole-from-one.ts';

export interface LlamboOptions {
  readonly card: TaskCard;
  /** How much of the card the model is shown. Default: 'full'. */
  readonly context?: TaskContext | undefined;
  /** Surrogate that chooses among the candidates. Default: 'discriminative'. */
  readonly mode?: LlamboMode | undefined;
  /** First trials, a whole number from 1. Default: 5 (Liu et al. 2024, as are the next four). */
  readonly initialTrials?: number | undefined;
  /** Who proposes the first trials. Default: the model (`zeroShotWarmStart`). */
  readonly initial?: Sampler | undefined;
  /** Candidates of an ask. Default: 10. */
  readonly candidates?: number | undefined;
  /** Orders of the examples. Default: 2. */
  readonly templates?: number | undefined;
  /** Completions of each template about each candidate. Default: 10. */
  readonly generations?: number | undefined;
  /** How far beyond the best value the target lies, in ranges of the values. Default: 0.1. */
  readonly alpha?: number | undefined;
  /** Whether each template has a target of its own, drawn between the best value and the target. Default: false. */
  readonly jitter?: boolean | undefined;
  /** Default: 'none'. */
  readonly warping?: Warping | undefined;
  /** Whether each template has its own order of the parameters too. Default: false. */
  readonly shuffleFeatures?: boolean | undefined;
  /** Discriminative mode only. Default: false. */
  readonly bootstrap?: boolean | undefined;
  /** Discriminative mode only. Default: false. */
  readonly recalibration?: boolean | undefined;
  /** Generative mode only. Default: 0.25. */
  readonly topFraction?: number | undefined;
  /** Generative mode only. Default: 'log-probabilities'. */
  readonly probabilities?: 'log-probabilities' | 'samples' | undefined;
  /** Most trials in a prompt. Default: 100. */
  readonly examples?: number | undefined;
  /** Proposes where the model fails or has nothing new. Default: `random()`. */
  readonly sampler?: Sampler | undefined;
  /** For the cost in `why`. */
  readonly prices?: Prices | undefined;
}

export type LlamboMode = 'discriminative' | 'generative';

/** Options with their defaults. */
export type LlamboSettings = ReturnType<typeof checkedSettings>;

/** Throws InvalidArgumentError for options outside of their ranges. */
export function checkedSettings(options: LlamboOptions) {
  const { mode = 'discriminative', initialTrials = 5, sampler = random(), generations = 10 } = options;
  if (mode !== 'discriminative' && mode !== 'generative')
    throw new InvalidArgumentError('mode', mode, 'discriminative, generative');
  wholeFromOne('initialTrials', initialTrials);
  wholeFromOne('generations', generations);
  wholeFromOne('candidates', options.candidates ?? 10);
  const { count: candidates, ...asked } = candidateSettings({ ...options, count: options.candidates });
  const { topFraction = 0.25, bootstrap = false, recalibration = false } = options;
  if (!(topFraction > 0 && topFraction < 1))
    throw new InvalidArgumentError('topFraction', topFraction, 'a number between 0 and 1');
  return {
    ...asked,
    ...{ card: options.card, mode, initialTrials, candidates, generations, sampler, prices: options.prices },
    ...{ topFraction, bootstrap, recalibration, probabilities: options.probabilities },
  };
}
