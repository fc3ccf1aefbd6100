import type { Sampler, TrainingFidelity } from '@foothold/core';
import { successiveHalving } from '@foothold/samplers';
import type { ModelOptions } from '../model-samplers.ts';

export interface DefaultCurveSamplerOptions {
  readonly fidelity: TrainingFidelity;
  readonly linalg?: ModelOptions['linalg'];
}

/** The default sampler of studies whose trials are pieces of training. */
export function defaultCurveSampler(options: DefaultCurveSamplerOptions): Sampler {
  // To be freezeThawSampler({ ...options, continues: options.fidelity.continues }) of './freeze-thaw-sampler.ts' at the merge.
  return successiveHalving({ fidelity: options.fidelity });
}
