import type { Sampler, TrainingFidelity } from '@foothold/core';
import type { ModelOptions } from '../model-samplers.ts';
import { freezeThawSampler } from './freeze-thaw-sampler.ts';

export interface DefaultCurveSamplerOptions {
  readonly fidelity: TrainingFidelity;
  readonly linalg?: ModelOptions['linalg'];
}

/** The default sampler of studies whose trials are pieces of training. */
export function defaultCurveSampler(options: DefaultCurveSamplerOptions): Sampler {
  return freezeThawSampler({ ...options, continues: options.fidelity.continues });
}
