import { type Matrix, matrix, type StationaryAlgebra, type StationaryKernel } from '@foothold/core';
import { type Engine, panelsOf, stripOf } from './engine.ts';
import { families, familyCode } from './stationary-families.ts';
import { columnBytes, inputBytes, writeColumns, writeInputs } from './stationary-layout.ts';
import { requireKernel, requirePoints, requireProblem } from './stationary-shapes.ts';
import { evidence, factor } from './wasm-evidence.ts';
import { predict, pullback } from './wasm-predict.ts';

/**
 * The fused members on an engine. Every call takes one scratch region and cuts it into the arrays that the assembly wants,
 * in bytes from its start.
 *
 * n, d   inputs and columns
 * count  panels of 4 inputs
 * sides  panels of 4 points
 */
type Call = <T>(work: (engine: Engine) => T) => T;
type Synchronous<T> = {
  [K in keyof T]: T[K] extends (...args: infer A) => infer R ? (...args: A) => Awaited<R> : T[K];
};
export type SynchronousStationary = Synchronous<StationaryAlgebra>;

export function stationaryOf(call: Call): SynchronousStationary {
  return {
    families,
    covariance(kernel, a, b) {
      requireKernel(kernel);
      requirePoints(kernel, a, 'a');
      requirePoints(kernel, b, 'b');
      if (a.rows === 0 || b.rows === 0) return matrix(a.rows, b.rows);
      return call((engine) => covariance(engine, kernel, { a, b }));
    },
    factor(kernel, problem) {
      requireKernel(kernel);
      requireProblem(kernel, problem);
      if (problem.x.rows === 0) return { factor: matrix(0, 0), alpha: new Float64Array(0) };
      return call((engine) => factor(engine, kernel, problem));
    },
    evidence(kernel, problem, { inputs = false } = {}) {
      requireKernel(kernel);
      requireProblem(kernel, problem);
      return call((engine) => evidence(engine, kernel, { ...problem, inputs }));
    },
    predict(kernel, fit, points) {
      requireKernel(kernel);
      requirePoints(kernel, points, 'points');
      return call((engine) => predict(engine, kernel, { ...fit, points }));
    },
    pullback(kernel, fit, at) {
      requireKernel(kernel);
      requirePoints(kernel, at.points, 'points');
      return call((engine) => pullback(engine, kernel, { ...fit, ...at }));
    },
  };
}

function covariance(engine: Engine, kernel: StationaryKernel, { a, b }: { a: Matrix; b: Matrix }): Matrix {
  const d = kernel.lengthscales.length;
  const m = b.rows;
  const sides = panelsOf(m);
  const strip = Math.min(stripOf(m), (a.rows + 3) & ~3);
  const aBytes = inputBytes(strip, d);
  const bBytes = inputBytes(m, d);
  const stage = columnBytes(d) + aBytes + bBytes;
  const tiles = stage + Math.max(8 * strip * m, aBytes, bBytes);
  const result = matrix(a.rows, m);
  return engine.scratch(tiles + 32 * strip * sides, (at) => {
    const columns = writeColumns(engine, kernel, at);
    const { weights, ordinary } = columns;
    const left = at + columnBytes(d);
    const right = left + aBytes;
    writeInputs(engine, columns, { x: b, stage: at + stage, target: right });
    const numbers = engine.heap.numbers();
    for (let i = 0; i < a.rows; i += strip) {
      const rows = Math.min(strip, a.rows - i);
      writeInputs(engine, columns, { x: a, from: i, rows, stage: at + stage, target: left });
      engine.assembly.crossCovariance(
        ...[left, rows, right, sides, d, ordinary, weights],
        ...[familyCode(kernel.family), kernel.outputScale, at + tiles, 0],
      );
      engine.assembly.unpackColumns(at + tiles, 128 * panelsOf(rows), 0, at + stage, m, rows);
      result.data.set(numbers.subarray((at + stage) / 8, (at + stage) / 8 + rows * m), i * m);
    }
    return result;
  });
}
