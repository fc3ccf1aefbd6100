/**
 * Bayesian linear regression on a few fixed features: a posterior with every optional part in closed form, for suites that
 * need one.
 *
 * φ(x)  features, p; weights w ~ N(0, I); y = φᵀw + noise of variance ν
 * S, m  posterior covariance (I + ΦᵀΦ/ν)⁻¹ and mean S·Φᵀy/ν of the weights
 */
import {
  type Dataset,
  type JointBelief,
  type Marginals,
  type Matrix,
  matrix,
  type Posterior,
} from '@foothold/core';

const frequencies = [0, 1.7, 3.1, 4.3, 6.2, 8.1];

/** The posterior of these rows, with `noise`, `joint`, `condition` and gradients. */
export function linearPosterior(data: Dataset, noise = 0.01): Posterior {
  const p = frequencies.length;
  const precision = matrix(p, p);
  const moment = new Float64Array(p);
  for (let a = 0; a < p; a++) precision.data[a * p + a] = 1;
  for (let i = 0; i < data.y.length; i++) {
    const f = features(data.x, i);
    for (let a = 0; a < p; a++) {
      moment[a]! += (f.value[a]! * data.y[i]!) / noise;
      for (let b = 0; b < p; b++) precision.data[a * p + b]! += (f.value[a]! * f.value[b]!) / noise;
    }
  }
  const s = inverse(precision);
  const weights = Float64Array.from({ length: p }, (_, a) =>
    dot(s.data.subarray(a * p, (a + 1) * p), moment),
  );
  const times = (f: Float64Array) =>
    Float64Array.from({ length: p }, (_, a) => dot(s.data.subarray(a * p, (a + 1) * p), f));
  const belief: Weights = { mean: weights, times };
  return {
    noise,
    marginals: (x) => marginalsOf(belief, x),
    joint: (x) => jointOf(belief, x),
    condition: (more) =>
      linearPosterior(
        {
          x: matrix(data.x.rows + more.x.rows, data.x.columns, joined(data.x.data, more.x.data)),
          y: joined(data.y, more.y),
        },
        noise,
      ),
  };
}

/** The posterior of the weights. */
interface Weights {
  /** m. */
  readonly mean: Float64Array;
  /** S·f. */
  readonly times: (f: Float64Array) => Float64Array;
}

function marginalsOf({ mean: weights, times }: Weights, x: Matrix): Marginals {
  const rows = Array.from({ length: x.rows }, (_, i) => features(x, i));
  return {
    mean: Float64Array.from(rows, (f) => dot(f.value, weights)),
    variance: Float64Array.from(rows, (f) => dot(f.value, times(f.value))),
    gradient(dMean, dVariance) {
      const result = matrix(x.rows, x.columns);
      rows.forEach((f, i) => {
        const sf = times(f.value);
        for (let j = 0; j < x.columns; j++) {
          const along = f.slope.map((u) => u * rate(j));
          result.data[i * x.columns + j] =
            dMean[i]! * dot(along, weights) + 2 * dVariance[i]! * dot(along, sf);
        }
      });
      return result;
    },
  };
}

function jointOf({ mean: weights, times }: Weights, x: Matrix): JointBelief {
  const rows = Array.from({ length: x.rows }, (_, i) => features(x, i));
  const along = rows.map((f) => times(f.value));
  const covariance = matrix(x.rows, x.rows);
  along.forEach((sa, i) => {
    rows.forEach((b, j) => {
      covariance.data[i * x.rows + j] = dot(sa, b.value);
    });
  });
  return {
    mean: Float64Array.from(rows, (f) => dot(f.value, weights)),
    covariance,
    gradient(dMean, dCovariance) {
      const result = matrix(x.rows, x.columns);
      rows.forEach((f, i) => {
        let slope = dMean[i]! * dot(f.slope, weights);
        along.forEach((sa, j) => {
          const pair = dCovariance.data[i * x.rows + j]! + dCovariance.data[j * x.rows + i]!;
          slope += pair * dot(f.slope, sa);
        });
        for (let j = 0; j < x.columns; j++) result.data[i * x.columns + j] = slope * rate(j);
      });
      return result;
    },
  };
}

const rate = (column: number) => 1 + 0.3 * column;

/** φ and dφ/dt at t = Σ_j (1 + 0.3j)·x_j. */
function features({ data, columns: d }: Matrix, i: number) {
  let t = 0;
  for (let j = 0; j < d; j++) t += rate(j) * data[i * d + j]!;
  return {
    value: Float64Array.from(frequencies, (w, a) => Math.cos(w * t + a) / (1 + a)),
    slope: Float64Array.from(frequencies, (w, a) => (-w * Math.sin(w * t + a)) / (1 + a)),
  };
}

function dot(a: Float64Array, b: Float64Array): number {
  let sum = 0;
  for (let i = 0; i < a.length; i++) sum += a[i]! * b[i]!;
  return sum;
}

function joined(a: Float64Array, b: Float64Array): Float64Array {
  return Float64Array.from([...a, ...b]);
}

/** By Gauss–Jordan; the matrix is positive definite and small. */
function inverse(a: Matrix): Matrix {
  const n = a.rows;
  const left = Float64Array.from(a.data);
  const right = matrix(n, n);
  for (let i = 0; i < n; i++) right.data[i * n + i] = 1;
  for (let k = 0; k < n; k++) {
    const pivot = left[k * n + k]!;
    for (let j = 0; j < n; j++) {
      left[k * n + j]! /= pivot;
      right.data[k * n + j]! /= pivot;
    }
    for (let i = 0; i < n; i++) {
      if (i === k) continue;
      const factor = left[i * n + k]!;
      for (let j = 0; j < n; j++) {
        left[i * n + j]! -= factor * left[k * n + j]!;
        right.data[i * n + j]! -= factor * right.data[k * n + j]!;
      }
    }
  }
  return right;
}
