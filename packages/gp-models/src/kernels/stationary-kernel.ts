import {
  type Column,
  InvalidArgumentError,
  type Kernel,
  type Matrix,
  matrix,
  ShapeError,
  type StationaryKernel,
} from '@foothold/core';
import { type ArdKernel, covarianceOf, inputGradientOf, logGradient } from './ard-arithmetic.ts';
import { type LogNormal, lengthscalePrior, logNormalPrior, outputScalePrior } from './priors.ts';
import type { StationaryProfile } from './stationary-profile.ts';

export interface KernelOptions {
  /** Indices of the columns that the kernel looks at; all without it. */
  readonly active?: readonly number[] | undefined;
  /** Prior on each lengthscale, in sides of the unit cube. Default: one whose location grows with the number of columns. */
  readonly lengthscalePrior?: LogNormal | undefined;
  /** Prior on the output scale, the variance of standardized values. Default: location 0, standard deviation 1. */
  readonly outputScalePrior?: LogNormal | undefined;
}

/**
 * The kernel s·f(r²) of any correlation f, with a lengthscale for each active column. Categorical columns enter r by equality,
 * ordinal ones by their distance on the grid. theta is [log s, log ℓ …], at the prior's mode at first. Throws
 * InvalidArgumentError for columns that are not there.
 */
export function stationaryKernel(
  profile: StationaryProfile,
  columns: readonly Column[],
  options: KernelOptions = {},
): Kernel {
  const active = options.active ?? columns.map((_, i) => i);
  if (active.length === 0 || active.some((i) => !columns[i]))
    throw new InvalidArgumentError('active', active, `at least one index from 0 to ${columns.length - 1}`);
  const shape: Shape = {
    profile,
    width: columns.length,
    active,
    whole: active.length === columns.length && active.every((c, i) => c === i),
    categorical: Uint8Array.from(active, (i) => (columns[i]!.kind === 'categorical' ? 1 : 0)),
    scale: options.outputScalePrior ?? outputScalePrior,
    length: options.lengthscalePrior ?? lengthscalePrior(active.length),
  };
  const theta = new Float64Array(1 + active.length).fill(shape.length.location);
  theta[0] = shape.scale.location;
  return build(shape, theta);
}

interface Shape {
  readonly profile: StationaryProfile;
  readonly width: number;
  readonly active: readonly number[];
  readonly whole: boolean;
  readonly categorical: Uint8Array;
  readonly scale: LogNormal;
  readonly length: LogNormal;
}

function build(shape: Shape, theta: Float64Array): Kernel {
  const d = shape.active.length;
  if (theta.length !== d + 1) throw new ShapeError(`theta has ${theta.length} numbers, not ${d + 1}`);
  const { family } = shape.profile;
  const numbers: ArdKernel = {
    profile: shape.profile,
    outputScale: Math.exp(theta[0]!),
    lengthscales: theta.slice(1).map(Math.exp),
    categorical: shape.categorical,
  };
  const narrow = (a: Matrix) => (shape.whole ? a : selected(a, shape.active));
  return {
    theta,
    withTheta: (next) => build(shape, next),
    covariance(a, b) {
      const p = narrow(a);
      return covarianceOf(numbers, p, a === b ? p : narrow(b));
    },
    variance: (a) => new Float64Array(a.rows).fill(numbers.outputScale),
    thetaGradient: (a, w) => logGradient(numbers, narrow(a), w),
    inputGradient(a, b, w) {
      const gradient = inputGradientOf(numbers, { a: narrow(a), b: narrow(b) }, w);
      return shape.whole ? gradient : scattered(gradient, shape.active, shape.width);
    },
    logPrior: () => priorOf(shape, theta),
    ...(shape.whole &&
      family !== undefined && {
        stationary: stationaryOf(family, numbers),
        stationaryGradient: ({ dOutputScale, dLengthscales }) => {
          const gradient = new Float64Array(d + 1);
          gradient[0] = dOutputScale * numbers.outputScale;
          for (let k = 0; k < d; k++) gradient[k + 1] = dLengthscales[k]! * numbers.lengthscales[k]!;
          return gradient;
        },
      }),
  };
}

/** The numbers alone: what a backend may take, also into another thread. */
function stationaryOf(
  family: string,
  { outputScale, lengthscales, categorical }: ArdKernel,
): StationaryKernel {
  return { family, outputScale, lengthscales, categorical };
}

function priorOf(shape: Shape, theta: Float64Array) {
  const gradient = new Float64Array(theta.length);
  let value = 0;
  theta.forEach((u, k) => {
    const part = logNormalPrior(u, k === 0 ? shape.scale : shape.length);
    value += part.value;
    gradient[k] = part.derivative;
  });
  return { value, gradient };
}

function selected(a: Matrix, active: readonly number[]): Matrix {
  const result = matrix(a.rows, active.length);
  for (let i = 0; i < a.rows; i++)
    active.forEach((c, k) => {
      result.data[i * active.length + k] = a.data[i * a.columns + c]!;
    });
  return result;
}

function scattered(a: Matrix, active: readonly number[], width: number): Matrix {
  const result = matrix(a.rows, width);
  for (let i = 0; i < a.rows; i++)
    active.forEach((c, k) => {
      result.data[i * width + c] = a.data[i * active.length + k]!;
    });
  return result;
}
