/**
 * R² of a dataset by leave-one-out, how far its values follow from its points: 1 − Σ(y − ŷ₋ᵢ)² / Σ(y − ȳ)², ŷ₋ᵢ predicted without row i.
 *
 * y − ŷ₋ᵢ = (K⁻¹y)ᵢ / (K⁻¹)ᵢᵢ (Rasmussen and Williams 2006, eq. 5.12)
 */
import type { Dataset, LinearAlgebra, Matrix } from '@foothold/core';
import { addToDiagonal, identity } from '../../inference/dense.ts';
import { maxCorrelatedTasks, preparationDefaults } from '../defaults.ts';
import { evenRows } from './row-subsets.ts';
import type { SharedKernel } from './shared-lengthscales.ts';
import { samePoints } from './usable-tasks.ts';

/** R² of each dataset, below 0 where its mean predicts better; undefined for fewer than 60 rows. */
export async function leaveOneOutR2s(
  datasets: readonly Dataset[],
  { kernel, noise }: SharedKernel,
  linalg: LinearAlgebra,
): Promise<(number | undefined)[]> {
  const { minRowsForR2, lengthscales } = preparationDefaults;
  const r2s: (number | undefined)[] = [];
  let last: { readonly x: Matrix; readonly inverse: Matrix } | undefined;
  for (const full of datasets) {
    const { x, y } = evenRows(full, lengthscales.maxRows);
    if (x.rows < minRowsForR2) {
      r2s.push(undefined);
      continue;
    }
    if (!last || !samePoints(last.x, x)) last = { x, inverse: await inverseOf(kernel, x, { noise, linalg }) };
    r2s.push(leaveOneOutR2(last.inverse, y));
  }
  return r2s;
}

async function inverseOf(
  kernel: SharedKernel['kernel'],
  x: Matrix,
  { noise, linalg }: { readonly noise: number; readonly linalg: LinearAlgebra },
): Promise<Matrix> {
  const factor = await linalg.cholesky(addToDiagonal(kernel.covariance(x, x), noise));
  const half = await linalg.solveTriangular(factor, identity(x.rows));
  return linalg.solveTriangular(factor, half, { transpose: true });
}

function leaveOneOutR2(inverse: Matrix, y: Float64Array): number {
  const n = y.length;
  const mean = y.reduce((a, b) => a + b, 0) / n;
  let residual = 0;
  let total = 0;
  for (let i = 0; i < n; i++) {
    let alpha = 0;
    for (let j = 0; j < n; j++) alpha += inverse.data[i * n + j]! * (y[j]! - mean);
    residual += (alpha / inverse.data[i * n + i]!) ** 2;
    total += (y[i]! - mean) ** 2;
  }
  return total > 0 ? 1 - residual / total : 0;
}

/** Correlation of each source with the mean of the others, over the points; undefined for a single source. */
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

/**
 * True for each source that is noise: its values neither follow from its points nor correlate with the other sources. By chance
 * an R² is about 1/√rows and a correlation 1/√points. A correlation among one to three sources counts where they correlate in general.
 */
export function isUninformative(
  r2s: readonly (number | undefined)[],
  correlations: readonly (number | undefined)[],
  { points, rows }: { readonly points: number; readonly rows: readonly number[] },
): boolean[] {
  const { chanceR2Factor, chanceCorrelationFactor, chanceMedianFactor, lengthscales } = preparationDefaults;
  const chance = 1 / Math.sqrt(points);
  const sorted = correlations.map((v) => v ?? 0).sort((a, b) => a - b);
  const median = sorted[sorted.length >> 1] ?? 0;
  const isGeneral = r2s.length > maxCorrelatedTasks || median > chanceMedianFactor * chance;
  return r2s.map((r2, j) => {
    const chanceR2 = chanceR2Factor / Math.sqrt(Math.min(rows[j]!, lengthscales.maxRows));
    if (r2 === undefined || r2 >= chanceR2) return false;
    return !(isGeneral && (correlations[j] ?? 0) > chanceCorrelationFactor * chance);
  });
}
