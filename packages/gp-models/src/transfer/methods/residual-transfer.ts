import type { Dataset, Posterior, Surrogate } from '@foothold/core';
import { scaleWeights } from '../scale-weights.ts';
import { combinedPosterior, weightedSum } from './combined-posterior.ts';

/**
 * Models what the prior does not explain: `base` is fitted to y − mean(x), and both means and variances add up
 * (the stacked residual process of Google Vizier: Golovin et al. 2017, §3.3).
 *
 * The prior must be in the units of the new study's values, up to a constant. Chains: a residual's posterior
 * may be the `prior` of the next. For earlier studies in units of their own see `stackedResidual`.
 */
export function residualTransfer(prior: Posterior, base: Surrogate): Surrogate {
  return {
    async fit(data, context) {
      const residual = await base.fit(await residualOf(prior, data), {
        ...context,
        previous: undefined,
        previousState: undefined,
      });
      return stackedOn(prior, residual);
    },
  };
}

async function residualOf(prior: Posterior, data: Dataset): Promise<Dataset> {
  const { mean } = await prior.marginals(data.x);
  return { ...data, y: data.y.map((v, i) => v - mean[i]!) };
}

function stackedOn(prior: Posterior, residual: Posterior): Posterior {
  const both = combinedPosterior([prior, residual], weightedSum([1, 1], [1, 1]), {
    ...residual.why,
    ...scaleWeights(prior.why, 1, { method: 'residual' }),
  });
  const { condition: _, ...rest } = both;
  if (!residual.condition) return rest;
  return {
    ...rest,
    condition: async (data) => stackedOn(prior, await residual.condition!(await residualOf(prior, data))),
  };
}
