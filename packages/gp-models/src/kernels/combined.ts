/**
 * Sums and products of kernels. theta is the two thetas in a row, and the priors multiply.
 */
import { type Kernel, type Matrix, matrix } from '@foothold/core';

/** k(a, b) = first(a, b) + second(a, b): functions that are a sum of two parts. */
export function sum(first: Kernel, second: Kernel): Kernel {
  return {
    ...joined(first, second, sum),
    covariance: (a, b) => zip(first.covariance(a, b), second.covariance(a, b), (p, q) => p + q),
    variance: (a) => zipArrays(first.variance(a), second.variance(a), (p, q) => p + q),
    thetaGradient: (a, w) => concatenated(first.thetaGradient(a, w), second.thetaGradient(a, w)),
    inputGradient: (a, b, w) =>
      zip(first.inputGradient(a, b, w), second.inputGradient(a, b, w), (p, q) => p + q),
  };
}

/** k(a, b) = first(a, b) · second(a, b): two points are alike when both kernels say so. */
export function product(first: Kernel, second: Kernel): Kernel {
  const times = (p: number, q: number) => p * q;
  return {
    ...joined(first, second, product),
    covariance: (a, b) => zip(first.covariance(a, b), second.covariance(a, b), times),
    variance: (a) => zipArrays(first.variance(a), second.variance(a), times),
    thetaGradient: (a, w) =>
      concatenated(
        first.thetaGradient(a, zip(w, second.covariance(a, a), times)),
        second.thetaGradient(a, zip(w, first.covariance(a, a), times)),
      ),
    inputGradient: (a, b, w) =>
      zip(
        first.inputGradient(a, b, zip(w, second.covariance(a, b), times)),
        second.inputGradient(a, b, zip(w, first.covariance(a, b), times)),
        (p, q) => p + q,
      ),
  };
}

function joined(first: Kernel, second: Kernel, combine: (a: Kernel, b: Kernel) => Kernel) {
  const cut = first.theta.length;
  return {
    theta: concatenated(first.theta, second.theta),
    withTheta: (theta: Float64Array) =>
      combine(first.withTheta(theta.slice(0, cut)), second.withTheta(theta.slice(cut))),
    logPrior() {
      const p = first.logPrior();
      const q = second.logPrior();
      return { value: p.value + q.value, gradient: concatenated(p.gradient, q.gradient) };
    },
  };
}

function zip(a: Matrix, b: Matrix, f: (p: number, q: number) => number): Matrix {
  return matrix(a.rows, a.columns, zipArrays(a.data, b.data, f));
}

function zipArrays(a: Float64Array, b: Float64Array, f: (p: number, q: number) => number): Float64Array {
  const result = new Float64Array(a.length);
  for (let i = 0; i < a.length; i++) result[i] = f(a[i]!, b[i]!);
  return result;
}

function concatenated(a: Float64Array, b: Float64Array): Float64Array {
  const result = new Float64Array(a.length + b.length);
  result.set(a);
  result.set(b, a.length);
  return result;
}
