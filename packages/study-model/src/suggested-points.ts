import { logExpectedImprovement } from '@foothold/acquisitions';
import { type LinearAlgebra, type Params, SpaceExhaustedError, seeded } from '@foothold/core';
import { gaussianProcess } from '@foothold/gp-models';
import { bayesian } from '@foothold/samplers';
import type { ModelInput } from './model-input.ts';
import { presentData } from './present-data.ts';

export interface SuggestedPointsOptions {
  readonly linalg: LinearAlgebra;
  /** How many, a whole number from 1. */
  readonly count: number;
  /** Values that every point has. */
  readonly fixed?: Params | undefined;
}

/**
 * The points that log expected improvement would try next, one after another, under the model of `studyModel`; they keep the limits and
 * differ from all trials. Fewer than `count` where the space is exhausted.
 */
export async function suggestedPoints(
  input: ModelInput,
  { linalg, count, fixed }: SuggestedPointsOptions,
): Promise<readonly Params[]> {
  const { space, trials } = presentData(input);
  const { direction, goal } = input;
  const sampler = bayesian({
    surrogate: gaussianProcess({ columns: space.columns, linalg }),
    acquisition: logExpectedImprovement(),
    initialTrials: 1,
  });
  const rng = seeded(input.seed).fork('suggestions of the page');
  const { constraints, repeat } = goal;
  try {
    const made = await sampler.sample({ space, direction, constraints, repeat, trials, count, fixed, rng });
    return made.map(({ params }) => params);
  } catch (error) {
    if (error instanceof SpaceExhaustedError)
      return count > 1 ? suggestedPoints(input, { linalg, count: count - 1, fixed }) : [];
    throw error;
  }
}
