import type { Params, SearchSpace } from '@foothold/core';
import type { TaskCard } from '../card/task-card-schema.ts';
import type { TaskContext } from '../card/task-text.ts';
import type { Warping } from '../views/warping.ts';

/** What both surrogates of a language model take. */
export interface LanguageSurrogateOptions<P extends Params = Params> {
  /** The space of the study: prompts show its parameters. */
  readonly space: SearchSpace<P>;
  /** Its direction gives values in prompts their sign: a `Dataset` is to be maximized. */
  readonly card: TaskCard;
  /** How much of the card the model is shown. Default: 'full'. */
  readonly context?: TaskContext | undefined;
  /** Orders of the examples, each a prompt of its own; a whole number from 1. Default: 2 (Liu et al. 2024). */
  readonly templates?: number | undefined;
  /** Completions of each prompt; a whole number from 1. Default: 10 (Liu et al. 2024). */
  readonly generations?: number | undefined;
  /** Whether each template has its own order of the parameters too. Default: false. */
  readonly shuffleFeatures?: boolean | undefined;
  /** Default: 'none'. */
  readonly warping?: Warping | undefined;
  /** Most observations in a prompt; of more, the best half of these and others drawn at random. Default: 100. */
  readonly examples?: number | undefined;
  /** Default: 0.7 (Liu et al. 2024). */
  readonly temperature?: number | undefined;
  /** Most tokens of a completion. Default: 40, for a number and the marks around it. */
  readonly maxTokens?: number | undefined;
}
