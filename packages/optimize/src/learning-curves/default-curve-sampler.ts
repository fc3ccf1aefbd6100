import type { LinearAlgebra, Sampler, TrainingFidelity } from '@foothold/core';
import { successiveHalving } from '@foothold/samplers';
import type { ModelOptions } from '../model-samplers.ts';

export interface DefaultCurveSamplerOptions {
  readonly fidelity: TrainingFidelity;
  readonly linalg?: ModelOptions['linalg'] | LinearAlgebra | undefined;
}

/** The default sampler of studies whose trials are pieces of training. */
export function defaultCurveSampler({ fidelity }: DefaultCurveSamplerOptions): Sampler {
  return successiveHalving({ fidelity }); // freezeThaw({ fidelity, continues: fidelity.continues !== false, linalg }) once it is there
}
