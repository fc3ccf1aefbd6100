import {
  type Dataset,
  type Kernel,
  type Matrix,
  matrixOf,
  rowOf,
  rowsByValue,
  selectMatrixRows,
} from '@foothold/core';
import { preparationDefaults } from '../defaults.ts';

/**
 * Inducing points for sources over different points, at most 300 of theirs: each next one is the farthest, in the kernel's
 * distance, from those before.
 */
export function inducingPointsOf(datasets: readonly Dataset[], kernel: Kernel): Matrix {
  const { inducingPoints } = preparationDefaults;
  const candidates = candidatesOf(datasets, inducingPoints.candidates);
  const count = Math.min(inducingPoints.max, candidates.rows);
  const nearest = new Float64Array(candidates.rows).fill(-Infinity);
  const chosen: number[] = [];
  for (let next = 0; chosen.length < count; ) {
    chosen.push(next);
    const near = kernel.covariance(selectMatrixRows(candidates, [next]), candidates).data;
    let least = Infinity;
    for (let i = 0; i < candidates.rows; i++) {
      nearest[i] = Math.max(nearest[i]!, near[i]!);
      if (nearest[i]! < least) {
        least = nearest[i]!;
        next = i;
      }
    }
  }
  return selectMatrixRows(candidates, chosen);
}

/** About `count` different points, an equal number of each source, from its best to its worst. */
function candidatesOf(datasets: readonly Dataset[], count: number): Matrix {
  const perSource = Math.max(2, Math.ceil(count / datasets.length));
  const points = new Map<string, Float64Array>();
  for (const { x, y } of datasets) {
    const order = rowsByValue(y);
    const own = Math.min(perSource, x.rows);
    for (let k = 0; k < own; k++) {
      const row = rowOf(x, order[Math.floor((k * x.rows) / own)]!);
      const key = row.join(',');
      if (!points.has(key)) points.set(key, row);
    }
  }
  return matrixOf([...points.values()], datasets[0]!.x.columns);
}
