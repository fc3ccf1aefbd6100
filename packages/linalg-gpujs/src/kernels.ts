/**
 * The device code, as source text: gpu.js compiles a function from its text, and a minifier must not touch it first.
 * Loops stop at a bound given as an argument; WebGL 1 needs the constant bound in the settings as well.
 */
import { type Matrix, matrix, type StationaryKernel, UnsupportedError } from '@foothold/core';
import type { GpuKernel, GpuLike, Rows } from './gpu.ts';

export interface DeviceKernels {
  /** a·bᵀ: a n×k, b m×k → n×m. */
  product(a: Matrix, b: Matrix): Matrix;
  /** c − a·bᵀ: c n×m, a n×k, b m×k → n×m. */
  update(c: Matrix, a: Matrix, b: Matrix): Matrix;
  /** k(aᵢ, bⱼ): a n×d, b m×d → n×m. Throws UnsupportedError for families other than `matern52` and `rbf`. */
  covariance(kernel: StationaryKernel, a: Matrix, b: Matrix): Matrix;
  destroy(): void;
}

const product = `function (a, b, inner) {
  let sum = 0;
  for (let k = 0; k < inner; k++) {
    sum += a[this.thread.y][k] * b[this.thread.x][k];
  }
  return sum;
}`;
const update = `function (c, a, b, inner) {
  let sum = c[this.thread.y][this.thread.x];
  for (let k = 0; k < inner; k++) {
    sum -= a[this.thread.y][k] * b[this.thread.x][k];
  }
  return sum;
}`;
/** Number of each kernel family in the device code. */
const families: ReadonlyMap<string, number> = new Map([
  ['matern52', 0],
  ['rbf', 1],
]);

/** `scale` holds 1/ℓ, `equality` 1 where a column is categorical, `family` a number of `families`. */
const covariance = `function (a, b, scale, equality, columns, family, outputScale) {
  let squared = 0;
  for (let k = 0; k < columns; k++) {
    const gap = a[this.thread.y][k] - b[this.thread.x][k];
    let step = gap * scale[k];
    if (equality[k] > 0.5) {
      step = 0;
      if (gap !== 0) {
        step = scale[k];
      }
    }
    squared += step * step;
  }
  if (family > 0.5) {
    return outputScale * Math.exp(-0.5 * squared);
  }
  const r = Math.sqrt(5 * squared);
  return outputScale * (1 + r + (r * r) / 3) * Math.exp(-r);
}`;

const largestLoop = 16_384;

/** Compiles the kernels, each on its first call. Inner sizes above 16,384 throw UnsupportedError. */
export function deviceKernels(gpu: GpuLike): DeviceKernels {
  const compiled = new Map<string, GpuKernel>();
  const run = (
    source: string,
    [rows, columns]: readonly [number, number],
    args: readonly unknown[],
  ): Matrix => {
    let kernel = compiled.get(source);
    if (kernel === undefined) {
      kernel = gpu.createKernel(source, {
        dynamicOutput: true,
        dynamicArguments: true,
        loopMaxIterations: largestLoop,
        // Left to itself, gpu.js takes a lower precision for small outputs, and when a later output wants another one it
        // goes on with the old size.
        tactic: 'precision',
        output: [columns, rows],
      }) as GpuKernel;
      compiled.set(source, kernel);
    }
    kernel.setOutput([columns, rows]);
    return fromRows(kernel(...args) as Rows, rows, columns);
  };
  return {
    product: (a, b) => run(product, [a.rows, b.rows], [toRows(a), toRows(b), bounded(a.columns)]),
    update: (c, a, b) => run(update, [a.rows, b.rows], [toRows(c), toRows(a), toRows(b), bounded(a.columns)]),
    covariance: (kernel, a, b) =>
      run(
        covariance,
        [a.rows, b.rows],
        [
          toRows(a),
          toRows(b),
          Float32Array.from(kernel.lengthscales, (l) => 1 / l),
          Float32Array.from(kernel.categorical),
          bounded(a.columns),
          familyCode(kernel.family),
          kernel.outputScale,
        ],
      ),
    destroy: () => {
      for (const kernel of compiled.values()) kernel.destroy?.();
      compiled.clear();
    },
  };
}

function familyCode(family: string): number {
  const code = families.get(family);
  if (code === undefined)
    throw new UnsupportedError(
      `the kernel family ${JSON.stringify(family)}`,
      'gpujs',
      `its covariance computes ${[...families.keys()].join(' and ')}`,
    );
  return code;
}

function bounded(inner: number): number {
  if (inner > largestLoop)
    throw new UnsupportedError(`inner sizes above ${largestLoop} (this is ${inner})`, 'gpujs');
  return inner;
}

function toRows(a: Matrix): Rows {
  const all = Float32Array.from(a.data);
  return Array.from({ length: a.rows }, (_, i) => all.subarray(i * a.columns, (i + 1) * a.columns));
}

function fromRows(rows: Rows, count: number, columns: number): Matrix {
  const result = matrix(count, columns);
  for (let i = 0; i < count; i++) result.data.set(rows[i]!, i * columns);
  return result;
}
