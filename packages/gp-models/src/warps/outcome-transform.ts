/**
 * Monotone scales in which values of different tasks are alike.
 *
 * y  a value in the units of a dataset, to be maximized
 * u  the same value in the scale
 */
import type { Dataset, Marginals, Matrix, Posterior, Why } from '@foothold/core';
import { jointThroughTransform } from './joint-through-transform.ts';

export interface OutcomeTransform {
  readonly name: string;
  forward(y: number): number;
  /** y and dy/du. */
  inverse(u: number): { readonly y: number; readonly slope: number };
}

/** Shares at the very ends of the unit interval are drawn in by this much, so that a perfect score stays finite. */
const proportionMargin = 1e-3;

/** Log-odds of a share: accuracies as they are (`origin` 0), errors with the sign turned (`origin` −1). */
export function logOdds(origin: 0 | -1): OutcomeTransform {
  const width = 1 - 2 * proportionMargin;
  return {
    name: 'log-odds',
    forward(y) {
      const p = proportionMargin + width * Math.min(Math.max(y - origin, 0), 1);
      return Math.log(p / (1 - p));
    },
    inverse(u) {
      const p = u >= 0 ? 1 / (1 + Math.exp(-u)) : Math.exp(u) / (1 + Math.exp(u));
      return { y: origin + (p - proportionMargin) / width, slope: (p * (1 - p)) / width };
    },
  };
}

/**
 * Linear in the upper half of `values`, logarithmic below it, so that a failure does not outweigh all differences among
 * good settings; 0 at the median, about 1 at the largest value.
 */
export function logBelowMedian(values: Float64Array): OutcomeTransform {
  const sorted = Float64Array.from(values).sort();
  const middle = quantile(sorted, 0.5);
  const upper = quantile(sorted, 0.98) - middle;
  const lower = middle - quantile(sorted, 0.25);
  const size = Math.abs(middle);
  const spread = [upper, lower, size].find((s) => s > 1e-12 * size && Number.isFinite(s)) ?? 1;
  return {
    name: 'compressed',
    forward(y) {
      const t = (y - middle) / spread;
      return t >= 0 ? t : -Math.log1p(-t);
    },
    inverse(u) {
      if (u >= 0) return { y: middle + spread * u, slope: spread };
      const grown = Math.exp(Math.min(-u, 700));
      return { y: middle - spread * (grown - 1), slope: spread * grown };
    },
  };
}

/** Linear: 0 at the mean of `values`, 1 a deviation above it. */
export function standardized(values: Float64Array): OutcomeTransform {
  const mean = values.reduce((a, v) => a + v / values.length, 0);
  const deviation = Math.sqrt(values.reduce((a, v) => a + (v - mean) ** 2 / values.length, 0));
  const size = Math.abs(mean);
  const spread = [deviation, size].find((s) => s > 1e-12 * size && Number.isFinite(s)) ?? 1;
  return {
    name: 'linear',
    forward: (y) => (y - mean) / spread,
    inverse: (u) => ({ y: mean + spread * u, slope: spread }),
  };
}

/** Shares lie in [0, 1]; their negatives, as a minimized error gives, in [−1, 0]. */
export function proportionOrigin(datasets: readonly Dataset[]): 0 | -1 | undefined {
  let low = Infinity;
  let high = -Infinity;
  for (const { y } of datasets)
    for (const v of y) {
      if (v < low) low = v;
      if (v > high) high = v;
    }
  if (low >= 0 && high <= 1) return 0;
  return low >= -1 && high <= 0 ? -1 : undefined;
}

function quantile(sorted: Float64Array, share: number): number {
  const at = share * (sorted.length - 1);
  const low = Math.floor(at);
  const a = sorted[low] ?? 0;
  return a + (at - low) * ((sorted[low + 1] ?? a) - a);
}

/** Nodes and weights for the standard normal (Abramowitz and Stegun 1972, table 25.10, n = 7, scaled by √2). */
const nodes = [
  -3.750439717725742, -2.366759410734541, -1.1544053947399682, 0, 1.1544053947399682, 2.366759410734541,
  3.750439717725742,
];
const weights = [
  0.0005482688559722178, 0.03075712396758651, 0.2401231786050127, 0.4571428571428571, 0.2401231786050127,
  0.03075712396758651, 0.0005482688559722178,
];

/** A belief about u as one about y: moments by Gauss–Hermite quadrature; the belief about u stays as `latent`. */
export function untransformPosterior(
  inner: Posterior,
  { scale, data, why }: { readonly scale: OutcomeTransform; readonly data: Dataset; readonly why: Why },
): Posterior {
  const scaled: Dataset = {
    x: data.x,
    y: data.y.map((y) => scale.forward(y)),
    ...(data.noise && {
      noise: data.noise.map((v, i) => v / scale.inverse(scale.forward(data.y[i]!)).slope ** 2),
    }),
  };
  return {
    why,
    latent: { posterior: inner, data: scaled },
    async marginals(x) {
      return inUnits(await inner.marginals(x), scale);
    },
    ...(inner.joint && {
      joint: async (x: Matrix) =>
        jointThroughTransform(await inner.joint!(x), { nodes, weights, unwarp: (u) => scale.inverse(u).y }),
    }),
    ...(inner.condition && {
      async condition(more: Dataset) {
        const next = await inner.condition!({ x: more.x, y: more.y.map((y) => scale.forward(y)) });
        return untransformPosterior(next, { scale, data: joined(data, more), why });
      },
    }),
  };
}

function inUnits(inner: Marginals, scale: OutcomeTransform): Marginals {
  const m = inner.mean.length;
  const mean = new Float64Array(m);
  const variance = new Float64Array(m);
  for (let i = 0; i < m; i++) {
    const deviation = Math.sqrt(inner.variance[i]!);
    const y = nodes.map((t) => scale.inverse(inner.mean[i]! + deviation * t).y);
    const first = y.reduce((sum, v, k) => sum + weights[k]! * v, 0);
    mean[i] = first;
    variance[i] = y.reduce((sum, v, k) => sum + weights[k]! * (v - first) ** 2, 0);
  }
  const { gradient } = inner;
  if (!gradient) return { mean, variance };
  return {
    mean,
    variance,
    gradient(dMean: Float64Array, dVariance: Float64Array) {
      const pullMean = new Float64Array(m);
      const pullVariance = new Float64Array(m);
      for (let i = 0; i < m; i++) {
        const deviation = Math.sqrt(inner.variance[i]!);
        nodes.forEach((t, k) => {
          const at = scale.inverse(inner.mean[i]! + deviation * t);
          const pull = weights[k]! * at.slope * (dMean[i]! + 2 * dVariance[i]! * (at.y - mean[i]!));
          pullMean[i] = pullMean[i]! + pull;
          if (deviation > 1e-12) pullVariance[i] = pullVariance[i]! + (pull * t) / (2 * deviation);
        });
      }
      return gradient(pullMean, pullVariance);
    },
  };
}

/** The rows of `a`, then those of `b`. */
export function joined(a: Dataset, b: Dataset): Dataset {
  const x: Matrix = {
    rows: a.x.rows + b.x.rows,
    columns: a.x.columns,
    data: concatenated(a.x.data, b.x.data),
  };
  const y = concatenated(a.y, b.y);
  if (!a.noise && !b.noise) return { x, y };
  return {
    x,
    y,
    noise: concatenated(a.noise ?? new Float64Array(a.y.length), b.noise ?? new Float64Array(b.y.length)),
  };
}

function concatenated(p: Float64Array, q: Float64Array): Float64Array {
  const result = new Float64Array(p.length + q.length);
  result.set(p);
  result.set(q, p.length);
  return result;
}
