/** Where the arrays of a fused call lie in its scratch region, and how they get there and back. */
import { type Matrix, matrix, type StationaryKernel, type StationaryProblem } from '@foothold/core';
import { type Engine, panelsOf } from './engine.ts';

/** The kernel's columns in memory: ordinary ones first. */
export interface Columns {
  readonly d: number;
  readonly ordinary: number;
  readonly order: number;
  readonly factors: number;
  readonly weights: number;
  /** Column of the kernel at each position of the panels. */
  readonly kernelColumns: readonly number[];
}
export const columnBytes = (d: number) => 24 * d + 8;

export function writeColumns(
  { heap }: Engine,
  { lengthscales, categorical }: StationaryKernel,
  at: number,
): Columns {
  const d = lengthscales.length;
  const kernelColumns: number[] = [];
  for (let c = 0; c < d; c++) if (!categorical[c]) kernelColumns.push(c);
  const ordinary = kernelColumns.length;
  for (let c = 0; c < d; c++) if (categorical[c]) kernelColumns.push(c);
  const numbers = heap.numbers();
  const start = at / 8;
  for (let k = 0; k < d; k++) {
    const c = kernelColumns[k]!;
    const inverse = 1 / lengthscales[c]!;
    numbers[start + k] = c;
    numbers[start + d + k] = k < ordinary ? inverse : 1;
    numbers[start + 2 * d + k] = inverse * inverse;
  }
  return { d, ordinary, order: at, factors: at + 8 * d, weights: at + 16 * d, kernelColumns };
}

/** Bytes of n inputs as panels, and of their row-major copy. */
export const inputBytes = (n: number, d: number) => 32 * d * panelsOf(n);

/** Rows from … to − 1 of x as panels at `to`, through a row-major copy at `stage`. */
export function writeInputs(
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

/** Where a problem of n inputs lies in a scratch region: columns, panels, y (alpha), noise, then a row-major copy of x. */
export function problemLayout(n: number, d: number) {
  const x = columnBytes(d);
  const y = x + inputBytes(n, d);
  const noise = y + 32 * panelsOf(n);
  const stage = noise + 8 * n;
  return { x, y, noise, stage, end: stage + 8 * n * d };
}

export function writeProblem(
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

/** Bytes that one panel of points takes at most at a time, so that wide batches do not swell the memory. */
const batchBytes = 16 * 2 ** 20;

/** Where predict and pullback keep things; `batch` points at a time, a multiple of 4. */
export function fitLayout({ n, d, m }: { readonly n: number; readonly d: number; readonly m: number }) {
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

/** Panels of derivatives in scaled coordinates as a row-major matrix in the caller's coordinates. */
export function inputGradient(
  numbers: Float64Array,
  from: number,
  {
    kernel,
    kernelColumns,
    ordinary,
    n,
  }: { kernel: StationaryKernel; kernelColumns: readonly number[]; ordinary: number; n: number },
): Matrix {
  const d = kernelColumns.length;
  const result = matrix(n, d);
  for (let k = 0; k < ordinary; k++) {
    const c = kernelColumns[k]!;
    const scale = 1 / kernel.lengthscales[c]!;
    for (let i = 0; i < n; i++)
      result.data[i * d + c] = numbers[from + 4 * d * (i >> 2) + 4 * k + (i & 3)]! * scale;
  }
  return result;
}
