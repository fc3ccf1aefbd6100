/**
 * Monotone transforms in which values of different tasks are alike.
 *
 * y  a value in the units of a dataset, to be maximized
 * u  the transformed value
 */
import type { Dataset } from '@foothold/core';
import type { OutcomeTransform } from './outcome-transform.ts';

/** Proportions at the ends of the unit interval are moved inside by this much, so that a perfect score stays finite. */
const proportionMargin = 1e-3;

/** Quantiles of the values that set the scale: the upper one, and the lower one where the values above the median are equal. */
const scaleQuantiles = { upper: 0.98, lower: 0.25 } as const;

/** Log-odds of a proportion: accuracies as they are (`origin` 0), negated errors (`origin` −1). */
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
  const upper = quantile(sorted, scaleQuantiles.upper) - middle;
  const lower = middle - quantile(sorted, scaleQuantiles.lower);
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
      const exponential = Math.exp(Math.min(-u, 700));
      return { y: middle - spread * (exponential - 1), slope: spread * exponential };
    },
  };
}

/** Linear: 0 at the mean of `values`, 1 a standard deviation above it. */
export function standardized(values: Float64Array): OutcomeTransform {
  const mean = values.reduce((a, v) => a + v / values.length, 0);
  const standardDeviation = Math.sqrt(values.reduce((a, v) => a + (v - mean) ** 2 / values.length, 0));
  const size = Math.abs(mean);
  const spread = [standardDeviation, size].find((s) => s > 1e-12 * size && Number.isFinite(s)) ?? 1;
  return {
    name: 'linear',
    forward: (y) => (y - mean) / spread,
    inverse: (u) => ({ y: mean + spread * u, slope: spread }),
    unit: spread,
  };
}

/** 0 where all values lie in [0, 1], as proportions do; −1 where they lie in [−1, 0], as negated errors do; else undefined. */
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

function quantile(sorted: Float64Array, fraction: number): number {
  const at = fraction * (sorted.length - 1);
  const low = Math.floor(at);
  const a = sorted[low] ?? 0;
  return a + (at - low) * ((sorted[low + 1] ?? a) - a);
}
