import { type Dataset, type Kernel, type Matrix, matrix } from '@foothold/core';

const maxInducingPoints = 300;

/** Points that stand for those of sources over different points, at most 300: each next one is the farthest, in the kernel's distance, from those before. */
export function inducingPoints(datasets: readonly Dataset[], kernel: Kernel): Matrix {
  const d = datasets[0]!.x.columns;
  const perSource = Math.max(2, Math.ceil(2000 / datasets.length));
  const rows: Float64Array[] = [];
  const seen = new Set<string>();
  for (const { x, y } of datasets) {
    const order = Array.from({ length: x.rows }, (_, i) => i).sort((a, b) => y[b]! - y[a]!);
    for (let k = 0; k < Math.min(perSource, x.rows); k++) {
      const i = order[Math.floor((k * x.rows) / Math.min(perSource, x.rows))]!;
      const row = x.data.slice(i * d, (i + 1) * d);
      const key = row.join(',');
      if (!seen.has(key)) rows.push(row);
      seen.add(key);
    }
  }
  const all = matrix(rows.length, d);
  rows.forEach((row, i) => {
    all.data.set(row, i * d);
  });
  const count = Math.min(maxInducingPoints, rows.length);
  const nearest = new Float64Array(rows.length).fill(-Infinity);
  const chosen: number[] = [];
  for (let next = 0; chosen.length < count; ) {
    chosen.push(next);
    const point = matrix(1, d, rows[next]!);
    const near = kernel.covariance(point, all).data;
    let least = Infinity;
    for (let i = 0; i < rows.length; i++) {
      nearest[i] = Math.max(nearest[i]!, near[i]!);
      if (nearest[i]! < least) {
        least = nearest[i]!;
        next = i;
      }
    }
  }
  const anchors = matrix(count, d);
  chosen.forEach((i, k) => {
    anchors.data.set(rows[i]!, k * d);
  });
  return anchors;
}
