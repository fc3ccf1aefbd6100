import { type Matrix, matrix, type StationaryFit, type StationaryKernel } from '@foothold/core';
import { type Engine, panelsOf } from './engine.ts';
import { familyCode } from './stationary-families.ts';
import { fitLayout, inputBytes, inputGradient, writeColumns, writeInputs } from './stationary-layout.ts';

/** Mean, variance and whitened covariances of many points, in batches. */
export function predict(
  engine: Engine,
  kernel: StationaryKernel,
  { x, factor: l, alpha, points }: StationaryFit & { readonly points: Matrix },
) {
  const { assembly, heap, scratch, factorOf } = engine;
  const n = x.rows;
  const m = points.rows;
  const d = kernel.lengthscales.length;
  const mean = new Float64Array(m);
  const variance = new Float64Array(m).fill(kernel.outputScale);
  const whitened = matrix(m, n);
  if (n === 0 || m === 0) return { mean, variance, whitened };
  const panels = factorOf(l);
  const layout = fitLayout({ n, d, m });
  const { batch, count } = layout;
  return scratch(layout.v + 128 * count * (batch / 4), (at) => {
    const columns = writeColumns(engine, kernel, at);
    writeInputs(engine, columns, { x, stage: at + layout.stage, target: at + layout.x });
    const numbers = heap.numbers();
    numbers.set(alpha, (at + layout.alpha) / 8);
    numbers.fill(0, (at + layout.alpha) / 8 + n, (at + layout.alpha) / 8 + 4 * count);
    for (let i = 0; i < m; i += batch) {
      const rows = Math.min(batch, m - i);
      const sides = panelsOf(rows);
      writeInputs(engine, columns, {
        x: points,
        from: i,
        rows,
        stage: at + layout.stage,
        target: at + layout.points,
      });
      assembly.stationaryPredict(
        ...[at + layout.x, n, at + layout.points, sides, d, columns.ordinary, columns.weights],
        ...[
          familyCode(kernel.family),
          kernel.outputScale,
          panels.at,
          panels.inverse,
          at + layout.alpha,
          at + layout.v,
        ],
        ...[at + layout.first, at + layout.second],
      );
      for (let r = 0; r < rows; r++) {
        mean[i + r] = numbers[(at + layout.first) / 8 + r]!;
        variance[i + r] = Math.max(0, kernel.outputScale - numbers[(at + layout.second) / 8 + r]!);
      }
      for (let j = 0; j < sides; j++) {
        const taken = Math.min(4, rows - 4 * j);
        assembly.unpackRows(at + layout.v + 128 * count * j, n, taken, at + layout.stage, n);
        whitened.data.set(
          numbers.subarray((at + layout.stage) / 8, (at + layout.stage) / 8 + taken * n),
          (i + 4 * j) * n,
        );
      }
    }
    return { mean, variance, whitened };
  });
}

/** The derivatives of predictions in the points, in batches. */
export function pullback(
  engine: Engine,
  kernel: StationaryKernel,
  {
    x,
    factor: l,
    alpha,
    points,
    whitened,
    dMean,
    dVariance,
  }: StationaryFit & {
    readonly points: Matrix;
    readonly whitened: Matrix;
    readonly dMean: Float64Array;
    readonly dVariance: Float64Array;
  },
): Matrix {
  const { assembly, heap, scratch, factorOf } = engine;
  const n = x.rows;
  const m = points.rows;
  const d = kernel.lengthscales.length;
  if (n === 0 || m === 0) return matrix(m, d);
  const panels = factorOf(l);
  const layout = fitLayout({ n, d, m });
  const { batch, count } = layout;
  const k = layout.v + 128 * count * (batch / 4);
  const h = k + 128 * count;
  const result = h + 128 * count;
  const gradient = matrix(m, d);
  return scratch(result + inputBytes(batch, d), (at) => {
    const columns = writeColumns(engine, kernel, at);
    writeInputs(engine, columns, { x, stage: at + layout.stage, target: at + layout.x });
    const numbers = heap.numbers();
    numbers.set(alpha, (at + layout.alpha) / 8);
    for (let i = 0; i < m; i += batch) {
      const rows = Math.min(batch, m - i);
      const sides = panelsOf(rows);
      writeInputs(engine, columns, {
        x: points,
        from: i,
        rows,
        stage: at + layout.stage,
        target: at + layout.points,
      });
      numbers.fill(0, (at + layout.first) / 8, (at + layout.stage) / 8);
      numbers.set(dMean.subarray(i, i + rows), (at + layout.first) / 8);
      numbers.set(dVariance.subarray(i, i + rows), (at + layout.second) / 8);
      for (let j = 0; j < sides; j++) {
        const taken = Math.min(4, rows - 4 * j);
        numbers.set(
          whitened.data.subarray((i + 4 * j) * n, (i + 4 * j + taken) * n),
          (at + layout.stage) / 8,
        );
        assembly.packRows(at + layout.stage, n, n, taken, at + layout.v + 128 * count * j);
      }
      assembly.clearTail(at + layout.v, 128 * count, sides, n, 4 * count);
      assembly.stationaryPullback(
        ...[at + layout.x, n, at + layout.points, sides, d, columns.ordinary, columns.weights],
        ...[
          familyCode(kernel.family),
          kernel.outputScale,
          panels.at,
          panels.inverse,
          at + layout.alpha,
          at + layout.v,
        ],
        ...[at + k, at + h, at + layout.first, at + layout.second, at + result],
      );
      const { kernelColumns, ordinary } = columns;
      const part = inputGradient(numbers, (at + result) / 8, { kernel, kernelColumns, ordinary, n: rows });
      gradient.data.set(part.data, i * d);
    }
    return gradient;
  });
}
