/**
 * A Gaussian belief seen through an output warp: moments in the units of y by Gauss–Hermite quadrature.
 *
 * z = μ + σ·ξₖ at the nodes, y = g⁻¹(z); mean Σ wₖ yₖ, variance Σ wₖ (yₖ − mean)²
 */
import type { Dataset, Marginals, Matrix, Posterior, ProgramState, Why } from '@foothold/core';
import { matrix } from '@foothold/core';
import { jointThroughTransform } from './joint-through-transform.ts';
import { type OutputWarp, transform, untransform, warpSlope } from './output-warp.ts';

/** Nodes and weights for the standard normal, exact to degree 13 (Abramowitz and Stegun 1972, table 25.10, scaled by √2). */
const nodes = [
  -3.750439717725742, -2.366759410734541, -1.1544053947399682, 0, 1.1544053947399682, 2.366759410734541,
  3.750439717725742,
];
const weights = [
  0.0005482688559722178, 0.03075712396758651, 0.2401231786050127, 0.4571428571428571, 0.2401231786050127,
  0.03075712396758651, 0.0005482688559722178,
];

/** A posterior that still knows its scale and its observations in the units of y. */
export interface WarpedPosterior extends Posterior {
  readonly warp: OutputWarp;
  readonly observed: Float64Array;
}

/** The belief in the units of y; `latent` is the Gaussian one. */
export function warpedPosterior(
  latent: Posterior,
  {
    warp,
    data,
    why,
    state,
  }: { readonly warp: OutputWarp; readonly data: Dataset; readonly why: Why; readonly state: ProgramState },
): WarpedPosterior {
  const unit = warp.spread * warp.scale;
  const linear = warp.warpParameter === 0;
  const inner = {
    x: data.x,
    y: transform(data.y, warp),
    ...(data.noise && { noise: scaledNoise(data, warp) }),
  };
  return {
    why,
    state,
    warp,
    observed: data.y,
    ...(linear && latent.noise !== undefined && { noise: latent.noise * unit * unit }),
    latent: { posterior: latent, data: inner },
    async marginals(x) {
      return inUnits(await latent.marginals(x), warp);
    },
    ...(latent.joint && {
      async joint(x: Matrix) {
        const inner = await latent.joint!(x);
        if (!linear)
          return jointThroughTransform(inner, { nodes, weights, unwarp: (z) => untransform(z, warp).y });
        return {
          mean: inner.mean.map((u) => untransform(u, warp).y),
          covariance: matrix(
            x.rows,
            x.rows,
            inner.covariance.data.map((u) => u * unit * unit),
          ),
        };
      },
    }),
    ...(latent.condition && {
      async condition(more: Dataset) {
        const next = await latent.condition!({
          x: more.x,
          y: transform(more.y, warp),
          noise: scaledNoise(more, warp),
        });
        return warpedPosterior(next, { warp, why, state, data: joined(data, more) });
      },
    }),
  };
}

/** Variances of y in the units of z. */
export function scaledNoise(data: Dataset, warp: OutputWarp): Float64Array | undefined {
  return data.noise?.map((variance, i) => variance * warpSlope(data.y[i]!, warp) ** 2);
}

function inUnits(latent: Marginals, warp: OutputWarp): Marginals {
  const m = latent.mean.length;
  const mean = new Float64Array(m);
  const variance = new Float64Array(m);
  const y = new Float64Array(nodes.length);
  for (let i = 0; i < m; i++) {
    const deviation = Math.sqrt(latent.variance[i]!);
    let first = 0;
    for (let k = 0; k < nodes.length; k++) {
      y[k] = untransform(latent.mean[i]! + deviation * nodes[k]!, warp).y;
      first += weights[k]! * y[k]!;
    }
    mean[i] = first;
    for (let k = 0; k < nodes.length; k++) variance[i] = variance[i]! + weights[k]! * (y[k]! - first) ** 2;
  }
  const { gradient } = latent;
  return {
    mean,
    variance,
    ...(gradient && {
      gradient(dMean: Float64Array, dVariance: Float64Array) {
        const pullMean = new Float64Array(m);
        const pullVariance = new Float64Array(m);
        for (let i = 0; i < m; i++) {
          const deviation = Math.sqrt(latent.variance[i]!);
          for (let k = 0; k < nodes.length; k++) {
            const at = untransform(latent.mean[i]! + deviation * nodes[k]!, warp);
            const pull = weights[k]! * at.slope * (dMean[i]! + 2 * dVariance[i]! * (at.y - mean[i]!));
            pullMean[i] = pullMean[i]! + pull;
            // σ → 0: the nodes ±ξ cancel, and what stays is ½ of the second derivative; 0 serves there.
            if (deviation > 1e-12) pullVariance[i] = pullVariance[i]! + (pull * nodes[k]!) / (2 * deviation);
          }
        }
        return gradient(pullMean, pullVariance);
      },
    }),
  };
}

function joined(a: Dataset, b: Dataset): Dataset {
  const x = matrix(a.x.rows + b.x.rows, a.x.columns);
  x.data.set(a.x.data);
  x.data.set(b.x.data, a.x.data.length);
  const both = (p: Float64Array, q: Float64Array) => {
    const result = new Float64Array(p.length + q.length);
    result.set(p);
    result.set(q, p.length);
    return result;
  };
  const y = both(a.y, b.y);
  if (!a.noise && !b.noise) return { x, y };
  const noise = both(a.noise ?? new Float64Array(a.y.length), b.noise ?? new Float64Array(b.y.length));
  return { x, y, noise };
}
