import {
  type Direction,
  InvalidArgumentError,
  type Params,
  type Rng,
  type SearchSpace,
  type Trial,
} from '@foothold/core';
import type { TaskCard } from '../card/task-card-schema.ts';
import type { TaskContext } from '../card/task-text.ts';
import { checkContext, checkTemperature, checkWarping } from '../surrogates/surrogate-settings.ts';
import type { Warping } from '../views/warping.ts';
import { wholeFromOne } from '../whole-from-one.ts';

/** How candidates are asked for; `llambo` takes the same. */
export interface CandidateOptions {
  readonly card: TaskCard;
  /** How much of the card the model is shown. Default: 'full'. */
  readonly context?: TaskContext | undefined;
  /** Candidates wanted, a whole number from 1. Default: 10 (Liu et al. 2024). */
  readonly count?: number | undefined;
  /** Orders of the examples, each a prompt that asks for its share of the candidates. Default: 2 (Liu et al. 2024). */
  readonly templates?: number | undefined;
  /**
   * The target is the best value plus (minimize: minus) this times the range of the values; a finite number, also below 0. Default: 0.1
   * (Liu et al. 2024).
   */
  readonly alpha?: number | undefined;
  /** Whether each template has a target of its own, drawn between the best value and the target. Default: false. */
  readonly jitter?: boolean | undefined;
  /** Default: 'none'. */
  readonly warping?: Warping | undefined;
  /** Whether each template has its own order of the parameters too. Default: false. */
  readonly shuffleFeatures?: boolean | undefined;
  /** Most trials in a prompt; of more, the best half of these and others drawn at random. Default: 100. */
  readonly examples?: number | undefined;
  /** Default: 0.8, as in the authors' program. */
  readonly temperature?: number | undefined;
  /** Most tokens of one configuration in an answer. Default: 200. */
  readonly maxTokens?: number | undefined;
}

export interface CandidatesRequest<P extends Params = Params> extends CandidateOptions {
  readonly space: SearchSpace<P>;
  readonly direction: Direction;
  /** Those with a finite value are shown with it, others with their state; none of their parameters is proposed again. */
  readonly trials: readonly Trial<P>[];
  /** Values that every candidate gets. */
  readonly fixed?: Partial<P> | undefined;
  /** Orders and seeds; only forks of it are drawn from. */
  readonly rng: Rng;
  readonly signal?: AbortSignal | undefined;
}

/** Options of `candidates` with their defaults. */
export interface CandidateSettings {
  readonly context: TaskContext;
  readonly count: number;
  readonly templates: number;
  readonly alpha: number;
  readonly jitter: boolean;
  readonly warping: Warping;
  readonly shuffleFeatures: boolean;
  readonly examples: number;
  readonly temperature: number;
  readonly maxTokens: number;
}

/** Throws InvalidArgumentError for options outside of their ranges. */
export function candidateSettings(options: CandidateOptions): CandidateSettings {
  const { context = 'full', count = 10, templates = 2, alpha = 0.1, jitter = false } = options;
  const { warping = 'none', shuffleFeatures = false, examples = 100 } = options;
  const { temperature = 0.8, maxTokens = 200 } = options;
  checkContext(context);
  checkWarping(warping);
  checkTemperature(temperature);
  for (const [name, value] of Object.entries({ count, templates, examples, maxTokens }))
    wholeFromOne(name, value);
  if (!Number.isFinite(alpha)) throw new InvalidArgumentError('alpha', alpha, 'a finite number');
  return {
    ...{ context, count, templates, alpha, jitter, warping, shuffleFeatures, examples },
    ...{ temperature, maxTokens },
  };
}
