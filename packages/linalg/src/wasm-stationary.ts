import {
  type Matrix,
  matrix,
  type StationaryAlgebra,
  type StationaryFit,
  type StationaryKernel,
  type StationaryProblem,
} from '@foothold/core';
import { type Engine, panelsOf, pivotError, stripOf } from './engine.ts';
import { requireKernel, requirePoints, requireProblem } from './stationary-shapes.ts';

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

/** log 2π */
const logTwoPi = 1.8378770664093453;

export function stationaryOf(call: Call): SynchronousStationary {
  return {
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

/** The kernel's columns in memory: ordinary ones first. */
interface Columns {
  readonly d: number;
  readonly ordinary: number;
  readonly order: number;
  readonly factors: number;
  readonly weights: number;
  /** Column of the kernel at each place. */
  readonly places: readonly number[];
}
const columnBytes = (d: number) => 24 * d + 8;

function writeColumns(
  { heap }: Engine,
  { lengthscales, categorical }: StationaryKernel,
  at: number,
): Columns {
  const d = lengthscales.length;
  const places: number[] = [];
  for (let c = 0; c < d; c++) if (!categorical[c]) places.push(c);
  const ordinary = places.length;
  for (let c = 0; c < d; c++) if (categorical[c]) places.push(c);
  const numbers = heap.numbers();
  const start = at / 8;
  for (let k = 0; k < d; k++) {
    const c = places[k]!;
    const inverse = 1 / lengthscales[c]!;
    numbers[start + k] = c;
    numbers[start + d + k] = k < ordinary ? inverse : 1;
    numbers[start + 2 * d + k] = inverse * inverse;
  }
  return { d, ordinary, order: at, factors: at + 8 * d, weights: at + 16 * d, places };
}

/** Bytes of n inputs as panels, and of their row-major copy. */
const inputBytes = (n: number, d: number) => 32 * d * panelsOf(n);

/** Rows from … to − 1 of x as panels at `to`, through a row-major copy at `stage`. */
function writeInputs(
  { assembly, heap }: Engine,
  columns: Columns,
  {
    x,
    from = 0,
    rows = x.rows,
    stage,
    target,
  }: { x: Matrix; from?: number; rows?: number; stage: number; target: number },
): void {
  const { d, order, factors } = columns;
  heap.numbers().set(rows === x.rows ? x.data : x.data.subarray(from * d, (from + rows) * d), stage / 8);
  assembly.packInputs(stage, rows, d, order, factors, target);
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
        ...[matern52(kernel), kernel.outputScale, at + tiles, 0],
      );
      engine.assembly.unpackColumns(at + tiles, 128 * panelsOf(rows), 0, at + stage, m, rows);
      result.data.set(numbers.subarray((at + stage) / 8, (at + stage) / 8 + rows * m), i * m);
    }
    return result;
  });
}

const matern52 = (kernel: StationaryKernel) => (kernel.family === 'matern52' ? 1 : 0);

/** Where a problem of n inputs lies in a scratch region: columns, panels, y (alpha), noise, then a row-major copy of x. */
function problemLayout(n: number, d: number) {
  const x = columnBytes(d);
  const y = x + inputBytes(n, d);
  const noise = y + 32 * panelsOf(n);
  const stage = noise + 8 * n;
  return { x, y, noise, stage, end: stage + 8 * n * d };
}

function writeProblem(
  engine: Engine,
  kernel: StationaryKernel,
  { problem, at }: { problem: StationaryProblem; at: number },
): Columns {
  const n = problem.x.rows;
  const layout = problemLayout(n, kernel.lengthscales.length);
  const columns = writeColumns(engine, kernel, at);
  writeInputs(engine, columns, { x: problem.x, stage: at + layout.stage, target: at + layout.x });
  const numbers = engine.heap.numbers();
  numbers.set(problem.y, (at + layout.y) / 8);
  numbers.fill(0, (at + layout.y) / 8 + n, (at + layout.noise) / 8);
  numbers.set(problem.noise, (at + layout.noise) / 8);
  return columns;
}

function factor(engine: Engine, kernel: StationaryKernel, problem: StationaryProblem) {
  const { heap, assembly, space, keep, download, scratch } = engine;
  const n = problem.x.rows;
  const d = kernel.lengthscales.length;
  const layout = problemLayout(n, d);
  const panels = space(n);
  try {
    const alpha = scratch(layout.end, (at) => {
      const { ordinary, weights } = writeProblem(engine, kernel, { problem, at });
      const failed = assembly.stationaryFactor(
        ...[at + layout.x, n, d, ordinary, weights, matern52(kernel), kernel.outputScale],
        ...[at + layout.noise, at + layout.y, panels.at, panels.inverse],
      );
      if (failed > 0) throw pivotError(heap, panels.inverse, failed - 1);
      return heap.numbers().slice((at + layout.y) / 8, (at + layout.y) / 8 + n);
    });
    const l = download(panels);
    keep(l, panels);
    return { factor: l, alpha };
  } catch (error) {
    heap.release(panels.at);
    throw error;
  }
}

function evidence(
  engine: Engine,
  kernel: StationaryKernel,
  problem: StationaryProblem & { readonly inputs: boolean },
) {
  const n = problem.x.rows;
  const d = kernel.lengthscales.length;
  const count = panelsOf(n);
  const triangle = 64 * count * (count + 1);
  const layout = problemLayout(n, d);
  const inverse = layout.end;
  const fit = inverse + 32 * count;
  const sums = fit + 16;
  const dx = sums + 16 * d;
  const l = (dx + (problem.inputs ? inputBytes(n, d) : 0) + 63) & ~63;
  const end = l + 3 * triangle;
  return engine.scratch(end, (at) => {
    const { ordinary, weights, places } = writeProblem(engine, kernel, { problem, at });
    const failed = engine.assembly.stationaryEvidence(
      ...[at + layout.x, n, d, ordinary, weights, matern52(kernel), kernel.outputScale],
      ...[at + layout.noise, at + layout.y, at + l, at + inverse, at + l + triangle, at + l + 2 * triangle],
      ...[at + fit, at + sums, problem.inputs ? at + dx : 0],
    );
    if (failed > 0) throw pivotError(engine.heap, at + inverse, failed - 1);
    const numbers = engine.heap.numbers();
    const alpha = numbers.slice((at + layout.y) / 8, (at + layout.y) / 8 + n);
    let value = -0.5 * (numbers[(at + fit) / 8]! + n * logTwoPi);
    const pivots = (at + inverse) / 8;
    for (let i = 0; i < n; i++) value += Math.log(numbers[pivots + i]!);
    const dNoise = new Float64Array(n);
    let trace = 0;
    // tr((ααᵀ − K⁻¹)·k(x, x)) = yᵀα − n − tr((ααᵀ − K⁻¹)·diag(noise))
    for (let i = 0; i < n; i++) {
      const diagonal = numbers[(at + l) / 8 + 8 * (i >> 2) * ((i >> 2) + 1) + 16 * (i >> 2) + 5 * (i & 3)]!;
      const g = alpha[i]! * alpha[i]! + diagonal;
      dNoise[i] = 0.5 * g;
      trace += alpha[i]! * problem.y[i]! - 1 - g * problem.noise[i]!;
    }
    const dLengthscales = new Float64Array(d);
    for (let k = 0; k < d; k++) {
      const c = places[k]!;
      const at2 = (at + sums) / 8 + 2 * k;
      const scale = kernel.lengthscales[c]!;
      dLengthscales[c] = (numbers[at2]! + numbers[at2 + 1]!) / (k < ordinary ? scale : scale * scale * scale);
    }
    return {
      value,
      alpha,
      dOutputScale: (0.5 * trace) / kernel.outputScale,
      dLengthscales,
      dNoise,
      ...(problem.inputs && {
        dInputs: inputGradient(numbers, (at + dx) / 8, { kernel, places, ordinary, n }),
      }),
    };
  });
}

/** Panels of derivatives in scaled coordinates as a row-major matrix in the caller's coordinates. */
function inputGradient(
  numbers: Float64Array,
  from: number,
  {
    kernel,
    places,
    ordinary,
    n,
  }: { kernel: StationaryKernel; places: readonly number[]; ordinary: number; n: number },
): Matrix {
  const d = places.length;
  const result = matrix(n, d);
  for (let k = 0; k < ordinary; k++) {
    const c = places[k]!;
    const scale = 1 / kernel.lengthscales[c]!;
    for (let i = 0; i < n; i++)
      result.data[i * d + c] = numbers[from + 4 * d * (i >> 2) + 4 * k + (i & 3)]! * scale;
  }
  return result;
}

/** Bytes that one panel of points takes at most at a time, so that wide batches do not swell the memory. */
const batchBytes = 16 * 2 ** 20;

function predict(
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
          matern52(kernel),
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

/** Where predict and pullback keep things; `batch` points at a time, a multiple of 4. */
function fitLayout({ n, d, m }: { readonly n: number; readonly d: number; readonly m: number }) {
  const count = panelsOf(n);
  const batch = Math.min((m + 3) & ~3, Math.max(4, Math.floor(batchBytes / (32 * count)) & ~3));
  const x = columnBytes(d);
  const points = x + inputBytes(n, d);
  const alpha = points + inputBytes(batch, d);
  const first = alpha + 32 * count;
  const second = first + 8 * batch;
  const stage = second + 8 * batch;
  const v = (stage + 8 * Math.max(4 * n, n * d, batch * d) + 63) & ~63;
  return { count, batch, x, points, alpha, first, second, stage, v };
}

function pullback(
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
          matern52(kernel),
          kernel.outputScale,
          panels.at,
          panels.inverse,
          at + layout.alpha,
          at + layout.v,
        ],
        ...[at + k, at + h, at + layout.first, at + layout.second, at + result],
      );
      const { places, ordinary } = columns;
      const part = inputGradient(numbers, (at + result) / 8, { kernel, places, ordinary, n: rows });
      gradient.data.set(part.data, i * d);
    }
    return gradient;
  });
}
