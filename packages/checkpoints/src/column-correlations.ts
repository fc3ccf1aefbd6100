import { type Matrix, matrix } from '@foothold/core';

/** Correlations between the columns of a R×m matrix, m×m; 0 beside a constant column. */
export function columnCorrelations(a: Matrix): Matrix {
  const { rows: R, columns: m } = a;
  const result = matrix(m, m);
  const centred = a.data.slice();
  const norm = new Float64Array(m);
  for (let j = 0; j < m; j++) {
    let sum = 0;
    for (let i = 0; i < R; i++) sum += a.data[i * m + j]!;
    for (let i = 0; i < R; i++) {
      centred[i * m + j]! -= sum / R;
      norm[j]! += centred[i * m + j]! ** 2;
    }
  }
  for (let j = 0; j < m; j++)
    for (let k = 0; k <= j; k++) {
      let s = 0;
      for (let i = 0; i < R; i++) s += centred[i * m + j]! * centred[i * m + k]!;
      const scale = Math.sqrt(norm[j]! * norm[k]!);
      const r = j === k ? 1 : scale > 0 ? s / scale : 0;
      result.data[j * m + k] = result.data[k * m + j] = r;
    }
  return result;
}
