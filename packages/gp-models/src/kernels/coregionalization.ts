/**
 * Covariance between tasks: k(a, b) = B[task(a), task(b)], B = W·Wᵀ + diag(v) (Bonilla, Chai, Williams 2007).
 *
 * W    tasks×rank; v positive; theta = [W row by row, log v]
 * C    correlations of B; LKJ(η) prior: log p = (η − 1)·log|C| (Lewandowski, Kurowicka, Joe 2009)
 * log|C| = log|B| − Σ log Bᵢᵢ, so that ∂log|C|/∂B = B⁻¹ − diag(1/Bᵢᵢ)
 */
import { InvalidArgumentError, type Kernel, type Matrix, matrix } from '@foothold/core';

export interface CoregionalizationOptions {
  readonly tasks: number;
  /** Index of the column that holds the task: task t of T at (t + ½)/T. */
  readonly column: number;
  /** Columns of W. Default: 1. */
  readonly rank?: number | undefined;
  /** η: 1 is uniform over correlations, above 1 prefers weak ones. Default: 1.5. */
  readonly shape?: number | undefined;
}

/** W starts where all tasks correlate by 0.7. Throws InvalidArgumentError. */
export function coregionalization(options: CoregionalizationOptions): Kernel {
  const { tasks, rank = 1, shape = 1.5 } = options;
  if (!(Number.isInteger(tasks) && tasks >= 1))
    throw new InvalidArgumentError('tasks', tasks, 'a whole number from 1');
  if (!(Number.isInteger(rank) && rank >= 1 && rank <= tasks))
    throw new InvalidArgumentError('rank', rank, `a whole number from 1 to ${tasks}`);
  if (!(shape > 0)) throw new InvalidArgumentError('shape', shape, 'a positive number');
  const theta = new Float64Array(tasks * rank + tasks);
  for (let t = 0; t < tasks; t++) {
    // A second column that alternates, so that further columns do not start at the same point.
    for (let q = 0; q < rank; q++)
      theta[t * rank + q] = q === 0 ? Math.sqrt(0.7) : 0.1 * (t % (q + 1) ? -1 : 1);
    theta[tasks * rank + t] = Math.log(0.3);
  }
  return build({ tasks, rank, shape, column: options.column }, theta);
}

interface Shape {
  readonly tasks: number;
  readonly rank: number;
  readonly shape: number;
  readonly column: number;
}

function build(shape: Shape, theta: Float64Array): Kernel {
  const { tasks, rank, column } = shape;
  const b = taskCovariance(shape, theta);
  const tasksOf = (a: Matrix) =>
    Array.from({ length: a.rows }, (_, i) =>
      Math.min(Math.max(Math.floor(a.data[i * a.columns + column]! * tasks), 0), tasks - 1),
    );
  return {
    theta,
    withTheta: (next) => build(shape, next),
    covariance(a, c) {
      const [rows, columns] = [tasksOf(a), tasksOf(c)];
      const result = matrix(a.rows, c.rows);
      rows.forEach((s, i) => {
        columns.forEach((t, j) => {
          result.data[i * c.rows + j] = b[s * tasks + t]!;
        });
      });
      return result;
    },
    variance: (a) => Float64Array.from(tasksOf(a), (t) => b[t * tasks + t]!),
    thetaGradient(a, w) {
      const at = tasksOf(a);
      const dB = new Float64Array(tasks * tasks);
      at.forEach((s, i) => {
        at.forEach((t, j) => {
          dB[s * tasks + t] = dB[s * tasks + t]! + w.data[i * a.rows + j]!;
        });
      });
      return throughB(shape, theta, dB);
    },
    inputGradient: (a) => matrix(a.rows, a.columns),
    logPrior() {
      const inverse = symmetricInverse(b, tasks);
      let value = (shape.shape - 1) * inverse.logDeterminant;
      const dB = inverse.values.map((v) => (shape.shape - 1) * v);
      for (let t = 0; t < tasks; t++) {
        const at = t * tasks + t;
        value -= (shape.shape - 1) * Math.log(b[at]!);
        dB[at] = dB[at]! - (shape.shape - 1) / b[at]!;
        // Each task's variance is about 1 in its own scale: log Bₜₜ ~ N(0, ½²).
        value -= 2 * Math.log(b[at]!) ** 2;
        dB[at] = dB[at]! - (4 * Math.log(b[at]!)) / b[at]!;
      }
      const gradient = throughB(shape, theta, dB);
      theta.forEach((u, k) => {
        // W ~ N(0, 1), and log v ~ N(log 0.3, 1.5²), so that what the data leaves open stays finite.
        const isWeight = k < tasks * rank;
        const gap = isWeight ? u : (u - Math.log(0.3)) / 1.5;
        value -= 0.5 * gap * gap;
        gradient[k] = gradient[k]! - (isWeight ? gap : gap / 1.5);
      });
      return { value, gradient };
    },
  };
}

/** B, tasks×tasks. */
function taskCovariance({ tasks, rank }: Shape, theta: Float64Array): Float64Array {
  const b = new Float64Array(tasks * tasks);
  for (let s = 0; s < tasks; s++)
    for (let t = 0; t < tasks; t++) {
      let value = s === t ? Math.exp(theta[tasks * rank + s]!) : 0;
      for (let q = 0; q < rank; q++) value += theta[s * rank + q]! * theta[t * rank + q]!;
      b[s * tasks + t] = value;
    }
  return b;
}

/** ∂/∂theta of Σ dBₛₜ·Bₛₜ. */
function throughB({ tasks, rank }: Shape, theta: Float64Array, dB: Float64Array): Float64Array {
  const gradient = new Float64Array(theta.length);
  for (let s = 0; s < tasks; s++) {
    for (let t = 0; t < tasks; t++) {
      const both = dB[s * tasks + t]! + dB[t * tasks + s]!;
      for (let q = 0; q < rank; q++)
        gradient[s * rank + q] = gradient[s * rank + q]! + both * theta[t * rank + q]!;
    }
    gradient[tasks * rank + s] = dB[s * tasks + s]! * Math.exp(theta[tasks * rank + s]!);
  }
  return gradient;
}

/** Inverse and log determinant of a small positive definite matrix, by Gauss–Jordan. */
function symmetricInverse(b: Float64Array, n: number) {
  const a = Float64Array.from(b);
  const values = new Float64Array(n * n);
  for (let i = 0; i < n; i++) values[i * n + i] = 1;
  let logDeterminant = 0;
  for (let p = 0; p < n; p++) {
    const pivot = Math.max(a[p * n + p]!, 1e-300);
    logDeterminant += Math.log(pivot);
    for (let j = 0; j < n; j++) {
      a[p * n + j] = a[p * n + j]! / pivot;
      values[p * n + j] = values[p * n + j]! / pivot;
    }
    for (let i = 0; i < n; i++) {
      const factor = a[i * n + p]!;
      if (i === p || factor === 0) continue;
      for (let j = 0; j < n; j++) {
        a[i * n + j] = a[i * n + j]! - factor * a[p * n + j]!;
        values[i * n + j] = values[i * n + j]! - factor * values[p * n + j]!;
      }
    }
  }
  return { values, logDeterminant };
}
