import { type Goal, type Sampler, type SearchSpace, UnsupportedError } from '@foothold/core';
import { featuresOf } from './goal.ts';

/**
 * Throws UnsupportedError when the sampler does not state an ability that the problem needs. A sampler that states
 * nothing is taken to handle plain boxes, real parameters included.
 */
export function refuseUnsupported(space: SearchSpace, sampler: Sampler, goal: Goal): void {
  const needed = [...(space.features ?? []), ...featuresOf(goal)];
  const isReal = space.columns.some(({ kind }) => kind === 'continuous');
  if (isReal && sampler.supports && !needed.includes('continuous')) needed.push('continuous');
  for (const feature of needed)
    if (!sampler.supports?.includes(feature))
      throw new UnsupportedError(feature, nameOf(sampler), 'choose another sampler, or change the problem');
}

export function nameOf(sampler: Sampler): string {
  return sampler.name ?? 'the sampler';
}
