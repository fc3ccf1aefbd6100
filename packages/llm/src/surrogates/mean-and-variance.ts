/**
 * Mean and population variance of samples of any scale; no square overflows: a variance beyond float64 is its largest number. NaN for no
 * sample.
 */
export function meanAndVariance(samples: readonly number[]): {
  readonly mean: number;
  readonly variance: number;
} {
  const n = samples.length;
  if (n === 0) return { mean: Number.NaN, variance: Number.NaN };
  // In halves: the distance between the ends of the number range overflows. A running mean of equal samples is exact.
  let mean = samples[0]!;
  for (let k = 1; k < n; k++) mean += 2 * ((samples[k]! / 2 - mean / 2) / (k + 1));
  const gaps = samples.map((s) => s / 2 - mean / 2);
  const scale = gaps.reduce((top, gap) => Math.max(top, Math.abs(gap)), 0);
  if (!(scale > 0)) return { mean, variance: 0 };
  const share = gaps.reduce((sum, gap) => sum + (gap / scale) ** 2, 0) / n;
  return { mean, variance: Math.min(4 * share * scale * scale, Number.MAX_VALUE) };
}
