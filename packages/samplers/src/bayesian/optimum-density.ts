/**
 * Density of a prior belief of where the optimum lies, against the uniform density: π(x) = 1 − w + w/m Σᵢ Πⱼ κⱼ(xⱼ, aᵢⱼ).
 *
 * a  configurations that the belief is around, m×d
 * w  weight of the kernels
 * κ  Gaussian in continuous and ordinal columns, of the bandwidth of Scott 1992, "Multivariate Density Estimation", (6.42); in
 *    categorical ones that of Aitchison, Aitken 1976
 */
import { type Column, type Matrix, matrix } from '@foothold/core';

/** Smallest bandwidth in the unit cube. */
const smallest = 0.01;

export interface OptimumDensity {
  /** log π at m points, m, and its gradient, m×d. */
  log(x: Matrix): { readonly value: Float64Array; readonly gradient: Matrix };
  /** The kernels' share of π over their largest one at the configurations, in [0, 1] there, and its gradient. */
  relative(x: Matrix): { readonly value: Float64Array; readonly gradient: Matrix };
}

/** Throws nothing: a point far from all configurations has π = 1 − w. `around` has a row at least. */
export function optimumDensity(
  columns: readonly Column[],
  { around, weight }: { readonly around: readonly Float64Array[]; readonly weight: number },
): OptimumDensity {
  const widths = columns.map((column, j) => bandwidth(column, around, j));
  const kernels = (point: Float64Array) => kernelSum(point, { columns, around, widths });
  const largest = around.reduce((top, a) => Math.max(top, kernels(a).value), 0);
  const over = (x: Matrix, form: (sum: number) => readonly [number, number]) => {
    const value = new Float64Array(x.rows);
    const gradient = matrix(x.rows, x.columns);
    for (let i = 0; i < x.rows; i++) {
      const sum = kernels(x.data.subarray(i * x.columns, (i + 1) * x.columns));
      const [v, slope] = form(sum.value);
      value[i] = v;
      for (let j = 0; j < x.columns; j++) gradient.data[i * x.columns + j] = slope * sum.gradient[j]!;
    }
    return { value, gradient };
  };
  return {
    log: (x) =>
      over(x, (sum) => {
        const density = 1 - weight + weight * sum;
        return [Math.log(density), weight / density];
      }),
    relative: (x) => over(x, (sum) => [sum / largest, 1 / largest]),
  };
}

function bandwidth(column: Column, around: readonly Float64Array[], j: number): number {
  const m = around.length;
  if (column.kind === 'categorical') return 1 / (m + 1);
  const mean = around.reduce((sum, a) => sum + a[j]!, 0) / m;
  const spread = Math.sqrt(around.reduce((sum, a) => sum + (a[j]! - mean) ** 2, 0) / m);
  const width = Math.max(spread * m ** (-1 / (around[0]!.length + 4)), smallest);
  return column.kind === 'continuous' ? width : Math.max(width, 0.5 / column.levels);
}

function kernelSum(
  point: Float64Array,
  {
    columns,
    around,
    widths,
  }: {
    readonly columns: readonly Column[];
    readonly around: readonly Float64Array[];
    readonly widths: readonly number[];
  },
): { readonly value: number; readonly gradient: Float64Array } {
  const gradient = new Float64Array(point.length);
  let value = 0;
  for (const a of around) {
    let log = 0;
    for (let j = 0; j < point.length; j++) log += logKernel(columns[j]!, point[j]! - a[j]!, widths[j]!);
    const kernel = Math.exp(log) / around.length;
    value += kernel;
    for (let j = 0; j < point.length; j++)
      if (columns[j]!.kind !== 'categorical')
        gradient[j]! -= (kernel * (point[j]! - a[j]!)) / widths[j]! ** 2;
  }
  return { value, gradient };
}

function logKernel(column: Column, gap: number, width: number): number {
  if (column.kind === 'categorical') {
    if (column.levels === 1) return 0;
    const isSame = Math.abs(gap) < 0.5 / column.levels;
    return Math.log(column.levels * (isSame ? 1 - width : width / (column.levels - 1)));
  }
  return -0.5 * (gap / width) ** 2 - Math.log(width * Math.sqrt(2 * Math.PI));
}
