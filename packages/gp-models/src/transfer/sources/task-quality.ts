/**
 * How far a dataset's values follow from its points: 1 − Σ(y − ŷ₋ᵢ)² / Σ(y − ȳ)², ŷ₋ᵢ predicted without row i.
 *
 * y − ŷ₋ᵢ = (K⁻¹y)ᵢ / (K⁻¹)ᵢᵢ (Rasmussen and Williams 2006, eq. 5.12)
 */
import { type Dataset, type LinearAlgebra, type Matrix, matrix } from '@foothold/core';
import { samePoints } from './prior-task.ts';
import type { SharedKernel } from './shared-lengthscales.ts';
import { evenRows } from './shared-lengthscales.ts';

/** For each dataset the explained share, below 0 where the mean predicts better; undefined for fewer than 60 rows. */
export async function leaveOneOutR2s(
  datasets: readonly Dataset[],
  { kernel, noise }: SharedKernel,
  linalg: LinearAlgebra,
): Promise<(number | undefined)[]> {
  const shares: (number | undefined)[] = [];
  let last: { readonly x: Matrix; readonly inverse: Matrix } | undefined;
  for (const full of datasets) {
    const { x, y } = evenRows(full);
    if (x.rows < 60) {
      shares.push(undefined);
      continue;
    }
    if (!last || !samePoints(last.x, x)) last = { x, inverse: await inverseOf(kernel, x, { noise, linalg }) };
    shares.push(leaveOneOutR2(last.inverse, y));
  }
  return shares;
}

async function inverseOf(
  kernel: SharedKernel['kernel'],
  x: Matrix,
  { noise, linalg }: { readonly noise: number; readonly linalg: LinearAlgebra },
): Promise<Matrix> {
  const n = x.rows;
  const k = kernel.covariance(x, x);
  const unit = matrix(n, n);
  for (let i = 0; i < n; i++) {
    k.data[i * n + i] = k.data[i * n + i]! + noise;
    unit.data[i * n + i] = 1;
  }
  const factor = await linalg.cholesky(k);
  return linalg.solveTriangular(factor, await linalg.solveTriangular(factor, unit), { transpose: true });
}

function leaveOneOutR2(inverse: Matrix, y: Float64Array): number {
  const n = y.length;
  const mean = y.reduce((a, b) => a + b, 0) / n;
  let left = 0;
  let total = 0;
  for (let i = 0; i < n; i++) {
    let alpha = 0;
    for (let j = 0; j < n; j++) alpha += inverse.data[i * n + j]! * (y[j]! - mean);
    left += (alpha / inverse.data[i * n + i]!) ** 2;
    total += (y[i]! - mean) ** 2;
  }
  return total > 0 ? 1 - left / total : 0;
}

/** Correlation of each source with the mean of the others, over the anchors; undefined for a single source. */
export function taskCorrelations({ rows, columns, data }: Matrix): (number | undefined)[] {
  if (columns < 2) return [undefined];
  const sums = Float64Array.from({ length: rows }, (_, i) => {
    let sum = 0;
    for (let j = 0; j < columns; j++) sum += data[i * columns + j]!;
    return sum;
  });
  return Array.from({ length: columns }, (_, j) => {
    let xy = 0;
    let xx = 0;
    let yy = 0;
    for (let i = 0; i < rows; i++) {
      const own = data[i * columns + j]!;
      const others = sums[i]! - own;
      xy += own * others;
      xx += own * own;
      yy += others * others;
    }
    return xx > 0 && yy > 0 ? xy / Math.sqrt(xx * yy) : 0;
  });
}
