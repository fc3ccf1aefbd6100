/**
 * Several objectives by one: each proposal draws weights and optimizes their augmented Chebyshev sum, so that over time
 * every part of the Pareto front is sought, convex or not.
 *
 * f  objectives of a trial, all minimized, each scaled to [0, 1] over the trials so far
 * w  weights on the simplex, drawn anew for each proposal
 *
 * Knowles (2006), "ParEGO: a hybrid algorithm with on-line landscape approximation for expensive multiobjective
 * optimization problems", IEEE Transactions on Evolutionary Computation 10(1), eq. 2.
 */
import type { Params, Proposal, Rng, SampleRequest, Sampler, Trial } from '@foothold/core';
import { objectivesOf } from './pareto-rank.ts';
import { pending } from './sequence.ts';

/** Share of the plain weighted sum beside the largest term; it keeps weakly dominated points away. */
const augmentation = 0.05;

/** Makes a sampler for one objective into one for several; with one objective the inner sampler's answer is passed on. */
export function scalarized(inner: Sampler): Sampler {
  return {
    name: `scalarized ${inner.name ?? 'sampler'}`,
    supports: [...(inner.supports ?? []), 'several-objectives'],
    async sample<P extends Params>(request: SampleRequest<P>) {
      const { objectives, ...rest } = request;
      if (!objectives || objectives.length < 2) return inner.sample(request);
      const made: Proposal<P>[] = [];
      for (let k = 0; k < request.count; k++) {
        const weights = simplexWeights(objectives.length, request.rng.fork(`weights ${k}`));
        const trials = scalarTrials(request, weights);
        const [proposal] = await inner.sample<P>({
          ...rest,
          direction: 'minimize',
          trials: [...trials, ...pending(made, trials)],
          count: 1,
          rng: k === 0 ? request.rng : request.rng.fork(`objective ${k}`),
        });
        made.push({ ...proposal!, why: { ...proposal!.why, weights: [...weights] } });
      }
      return made;
    },
  };
}

/** Uniform on the simplex: normalized exponential variates. */
function simplexWeights(count: number, rng: Rng): Float64Array {
  const w = Float64Array.from({ length: count }, () => -Math.log1p(-rng.next()));
  const sum = w.reduce((total, v) => total + v, 0);
  return w.map((v) => v / sum);
}

/** The trials with the weighted sum as their value; a complete trial that lacks an objective counts as failed. */
function scalarTrials<P extends Params>(
  request: SampleRequest<P>,
  weights: Float64Array,
): readonly Trial<P>[] {
  const values = request.trials.map((trial) => {
    const f = objectivesOf(request, trial);
    return f?.every(Number.isFinite) ? f : undefined;
  });
  const seen = values.filter((f) => f !== undefined);
  const low = weights.map((_, j) => Math.min(...seen.map((f) => f[j]!)));
  const high = weights.map((_, j) => Math.max(...seen.map((f) => f[j]!)));
  return request.trials.map((trial, i): Trial<P> => {
    if (trial.state !== 'complete') return trial;
    const { number, params, reports, metrics } = trial;
    const f = values[i];
    if (!f) return { number, params, reports, state: 'failed', reason: 'an objective is missing' };
    let largest = -Infinity;
    let sum = 0;
    for (let j = 0; j < f.length; j++) {
      const term = (weights[j]! * (f[j]! - low[j]!)) / (high[j]! - low[j]! || 1);
      largest = Math.max(largest, term);
      sum += term;
    }
    const value = largest + augmentation * sum;
    return {
      number,
      params,
      reports,
      state: 'complete',
      value,
      ...(metrics && { metrics }),
      ...(trial.why && { why: trial.why }),
      ...(trial.loaded && { loaded: true }),
    };
  });
}
