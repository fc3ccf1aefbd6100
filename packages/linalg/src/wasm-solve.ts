import { type Matrix, matrix } from '@foothold/core';
import { finishRows } from './cpu-rows.ts';
import { type Engine, panelsOf, stripOf } from './engine.ts';
import { requireAppendable, requireSolvable } from './shapes.ts';

/** X with L·X = b, or Lᵀ·X = b. */
export function solveTriangular(
  engine: Engine,
  l: Matrix,
  { b, transpose }: { b: Matrix; transpose: boolean },
): Matrix {
  requireSolvable(l, b);
  const result = matrix(b.rows, b.columns);
  if (result.data.length === 0) return result;
  const { assembly, heap, scratch, factorOf } = engine;
  const factor = factorOf(l);
  const n = l.rows;
  const m = b.columns;
  const count = panelsOf(n);
  const sides = panelsOf(m);
  const stride = 128 * count;
  return scratch(stride * sides, (v) => {
    const strip = Math.min(stripOf(m), n);
    scratch(8 * m * strip, (stage) => {
      const numbers = heap.numbers();
      for (let k = 0; k < n; k += strip) {
        const rows = Math.min(strip, n - k);
        numbers.set(b.data.subarray(k * m, (k + rows) * m), stage / 8);
        assembly.packColumns(stage, m, rows, v, stride, k);
      }
      assembly.clearTail(v, stride, sides, n, 4 * count);
      if (transpose) assembly.solveUpper(factor.at, factor.inverse, count, v, sides);
      else assembly.solveLower(factor.at, factor.inverse, count, v, sides);
      for (let k = 0; k < n; k += strip) {
        const rows = Math.min(strip, n - k);
        assembly.unpackColumns(v, stride, k, stage, m, rows);
        result.data.set(numbers.subarray(stage / 8, stage / 8 + rows * m), k * m);
      }
    });
    return result;
  });
}

/** The factor of the matrix with k more rows: the panels above stay, the new rows are solved against them. */
export function appendRows(engine: Engine, l: Matrix, rows: Matrix): Matrix {
  requireAppendable(l, rows);
  const { assembly, heap, scratch, factorOf, space, keep, upload } = engine;
  const before = l.rows;
  const n = rows.columns;
  const result = matrix(n, n);
  for (let i = 0; i < before; i++) result.data.set(l.data.subarray(i * before, i * before + i + 1), i * n);
  for (let i = before; i < n; i++) {
    const from = (i - before) * n;
    result.data.set(rows.data.subarray(from, from + i + 1), i * n);
  }
  if (rows.rows === 0) return result;
  const old = before > 0 ? factorOf(l) : undefined;
  if (old) {
    const count = panelsOf(before);
    const sides = panelsOf(rows.rows);
    scratch(128 * count * sides + 32 * n, (v) => {
      const stage = v + 128 * count * sides;
      for (let j = 0; j < sides; j++) {
        const numbers = heap.numbers();
        const taken = Math.min(4, rows.rows - 4 * j);
        numbers.set(rows.data.subarray(4 * j * n, (4 * j + taken) * n), stage / 8);
        assembly.packRows(stage, n, before, taken, v + 128 * count * j);
      }
      assembly.clearTail(v, 128 * count, sides, before, 4 * count);
      assembly.solveLower(old.at, old.inverse, count, v, sides);
      for (let j = 0; j < sides; j++) {
        const taken = Math.min(4, rows.rows - 4 * j);
        assembly.unpackRows(v + 128 * count * j, before, taken, stage, before);
        for (let r = 0; r < taken; r++)
          result.data.set(
            heap.numbers().subarray(stage / 8 + r * before, stage / 8 + (r + 1) * before),
            (before + 4 * j + r) * n,
          );
      }
    });
  }
  finishRows(result.data, n, before);
  // The panels of whole old blocks are copied, the others packed from the result.
  const factor = space(n);
  const whole = Math.floor(before / 4);
  if (old) {
    const numbers = heap.numbers();
    numbers.copyWithin(factor.at / 8, old.at / 8, old.at / 8 + 8 * whole * (whole + 1));
  }
  upload(result, factor, 4 * whole);
  assembly.invertDiagonal(factor.at, factor.inverse, panelsOf(n));
  keep(result, factor);
  return result;
}
