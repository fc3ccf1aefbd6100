/** What a proposal needs of the models behind a goal, be it one value or a Pareto front. */
import type { AcquisitionProblem, Matrix, ProgramState, Rng, Score, Why } from '@foothold/core';
import type { Belief } from './belief.ts';
import type { PriorOnColumns } from './optimum-prior.ts';

/** Where and with what a score looks. */
export interface ScoreContext {
  readonly domain: Omit<AcquisitionProblem, 'incumbents' | 'rng' | 'signal'>;
  /** Points whose evaluations still run, proposals of the same ask among them. */
  readonly pending: readonly Float64Array[];
  readonly rng: Rng;
  readonly prior: PriorOnColumns | undefined;
}

export interface GoalModel {
  /** Name of the acquisition. */
  readonly acquisition: string;
  /** Points to search around first, best first, k×d. */
  readonly incumbents: Matrix;
  /** What the search maximizes. */
  score(context: ScoreContext): Promise<Score>;
  /** Whether the model expects a better value at `point` than at `own` and at every observed point. */
  isExpectedBest(point: Float64Array, own: Float64Array): Promise<boolean>;
  /** What is predicted at a point, in the user's units. */
  prediction(point: Float64Array): Promise<Why>;
  /** The model with these points as evaluated at their means, unless the acquisition handles pending points itself. */
  conditioned(points: readonly Float64Array[]): Promise<GoalModel>;
  /** `why.model`. */
  readonly why?: Why | undefined;
  readonly samplerState: ProgramState;
  /** What is believed, of one objective: what points chosen together are scored by. */
  readonly belief?: Belief | undefined;
}
