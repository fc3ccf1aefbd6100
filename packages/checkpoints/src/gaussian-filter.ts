/**
 * Gaussian filter over n rows as a matrix, n×n, every row summing to 1: weights exp(−½(d/σ)²) up to ⌊4σ + ½⌋ rows away, the
 * rows mirrored at both ends (… 1 0 | 0 1 …).
 */
export function gaussianFilter(n: number, standardDeviation: number): Float64Array {
  const radius = Math.floor(4 * standardDeviation + 0.5);
  const filter = new Float64Array(n * n);
  let total = 0;
  for (let k = -radius; k <= radius; k++) total += Math.exp(-0.5 * (k / standardDeviation) ** 2);
  for (let i = 0; i < n; i++)
    for (let k = -radius; k <= radius; k++) {
      const wrapped = (((i + k) % (2 * n)) + 2 * n) % (2 * n);
      const row = wrapped < n ? wrapped : 2 * n - 1 - wrapped;
      filter[i * n + row]! += Math.exp(-0.5 * (k / standardDeviation) ** 2) / total;
    }
  return filter;
}
