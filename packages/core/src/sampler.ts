import type { Advice } from './advice.ts';
import type { Awaitable } from './awaitable.ts';
import type { Goal } from './goal.ts';
import type { Rng } from './rng.ts';
import type { Feature, SearchSpace } from './search-space.ts';
import type { Json, Params, ProgramState, Trial, Why } from './trial.ts';

/** Proposes parameters from the history: random, Sobol, Bayesian, a language model, or a sequence of these. */
export interface Sampler {
  /**
   * Throws SpaceExhaustedError when nothing new is left, InfeasibleSpaceError when no point keeps the space's
   * constraints, UnsupportedError for what `supports` does not name.
   */
  sample<P extends Params>(request: SampleRequest<P>): Awaitable<readonly Proposal<P>[]>;
  /** What it handles beyond plain boxes; a study that needs more says so when it is created. */
  readonly supports?: readonly Feature[];
  /** Throws UnsupportedError for a problem that `supports` has no word for; a study calls it when it is created. */
  check?(problem: { readonly space: SearchSpace; readonly goal: Goal }): void;
  /** Name in messages and in `why`. */
  readonly name?: string;
  /** Its options, as far as they decide what it proposes: a study records them, so that a replay can name what differs. */
  readonly options?: Json;
}

export interface Proposal<P extends Params = Params> {
  readonly params: P;
  /** For people. No sampler reads it. */
  readonly why?: Why;
  /** For the sampler itself: it finds this again as `samplerState` of the trial. */
  readonly samplerState?: ProgramState;
}

/** The params of a study's trials, of which a sampler may look at the new ones alone. */
export interface KnownParams {
  /** The same object in all requests of one study, as long as trials are only added to it. */
  readonly key: object;
  /** Number of trials. */
  readonly count: number;
  /** Those of the trials from this position on. */
  from(position: number): readonly Params[];
}

export interface SampleRequest<P extends Params = Params> extends Goal {
  readonly space: SearchSpace<P>;
  /** In order of their numbers, running ones too. Numbers of deleted trials are missing. */
  readonly trials: readonly Trial<P>[];
  readonly count: number;
  /**
   * For a sampler that keeps an index of the points between its requests. Absent: each request stands for itself. It is not
   * enumerable, so that a copy of a request, which may have other trials, goes without.
   */
  readonly known?: KnownParams | undefined;
  /** Parameters of this ask that are given, not chosen (a machine type, today's batch): every proposal has these values. */
  readonly fixed?: Partial<P> | undefined;
  /** Number of trials planned in all, where known. */
  readonly plannedTrials?: number | undefined;
  /**
   * Advice from outside of the sampler. It is called for each proposal that an acquisition decides, at most once, and not by samplers or
   * in stages without one. Points that may not be evaluated are left out. Absent: none.
   */
  readonly advice?: (() => Awaitable<Advice<P> | undefined>) | undefined;
  /**
   * Where a suggestion of a log is made again: `samplerState` of the proposals of this call, as far as the log has them. A sampler that asks
   * something outside of the study, such as a language model, takes the answers from there and asks nothing. Absent: no replay.
   */
  readonly replayed?: readonly ProgramState[] | undefined;
  readonly rng: Rng;
  readonly signal?: AbortSignal | undefined;
}
