import type { Json, Sampler, TrainingFidelity } from '@foothold/core';
import { loadedOnce } from '../loaded-once.ts';
import type { DefaultCurveSamplerOptions } from './default-curve-sampler.ts';

export interface CurveSamplerOptions extends DefaultCurveSamplerOptions {
  /** What all pieces may cost together, in units of the fidelity. Absent: it is not known. */
  readonly budget?: number | undefined;
  /** Instead of the default one. */
  readonly sampler?: Sampler | undefined;
}

/**
 * The sampler of a study whose trials are pieces of training: the default one, whose code is loaded when it is first asked, or the one
 * given, kept within the budget where there is one.
 */
export function curveSampler({ fidelity, budget, sampler, linalg }: CurveSamplerOptions): Sampler {
  const loaded = loadedOnce(async () => {
    const inner =
      sampler ?? (await import('./default-curve-sampler.ts')).defaultCurveSampler({ fidelity, linalg });
    if (budget === undefined) return inner;
    return (await import('./within-budget.ts')).withinBudget(inner, { fidelity, budget });
  });
  return {
    name: sampler?.name ?? 'auto',
    options: {
      ...((sampler?.options ?? curveOptions(fidelity)) as { readonly [key: string]: Json }),
      ...(budget !== undefined && { budget }),
    },
    supports: sampler?.supports ?? features,
    ...(sampler?.check && { check: sampler.check }),
    sample: async (request) => (await loaded()).sample(request),
  };
}

/** What the default sampler handles. */
const features = ['conditional', 'input-constraints', 'fixed', 'known-noise', 'continuous'] as const;

function curveOptions({ name, max, continues }: TrainingFidelity) {
  return { fidelity: { name, max, ...(continues === false && { continues }) } };
}
