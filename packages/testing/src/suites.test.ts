import {
  type Kernel,
  matrix,
  type SearchSpace,
  type Storage,
  type StudyEvent,
  type Surrogate,
} from '@foothold/core';
import { describeKernel } from './describe-kernel.ts';
import { describeSearchSpace } from './describe-search-space.ts';
import { describeStorage } from './describe-storage.ts';
import { describeSurrogate } from './describe-surrogate.ts';
import { textbook } from './textbook.ts';

/** The simplest things that keep each contract: what the suites must accept. */

function memory(): Storage {
  const logs = new Map<string, StudyEvent[]>();
  return {
    read: (study, from) => (logs.get(study) ?? []).slice(from),
    append(study, at, events) {
      const log = logs.get(study) ?? [];
      if (log.length !== at) return false;
      logs.set(study, [...log, ...events]);
      return true;
    },
  };
}
describeStorage('a map of arrays', memory);

/** θ is the log of the scale; k(a, b) = e^θ exp(−½|a − b|²). */
function gaussian(theta: Float64Array): Kernel {
  const scale = Math.exp(theta[0]!);
  const covariance: Kernel['covariance'] = (a, b) => {
    const k = matrix(a.rows, b.rows);
    for (let i = 0; i < a.rows; i++)
      for (let j = 0; j < b.rows; j++) {
        let r2 = 0;
        for (let c = 0; c < a.columns; c++)
          r2 += (a.data[i * a.columns + c]! - b.data[j * b.columns + c]!) ** 2;
        k.data[i * b.rows + j] = scale * Math.exp(-0.5 * r2);
      }
    return k;
  };
  return {
    theta,
    withTheta: gaussian,
    covariance,
    variance: (a) => new Float64Array(a.rows).fill(scale),
    thetaGradient: (a, w) =>
      Float64Array.of(covariance(a, a).data.reduce((s, v, i) => s + v * w.data[i]!, 0)),
    inputGradient(a, b, w) {
      const k = covariance(a, b);
      const gradient = matrix(a.rows, a.columns);
      for (let i = 0; i < a.rows; i++)
        for (let j = 0; j < b.rows; j++)
          for (let c = 0; c < a.columns; c++)
            gradient.data[i * a.columns + c]! +=
              w.data[i * b.rows + j]! *
              k.data[i * b.rows + j]! *
              (b.data[j * b.columns + c]! - a.data[i * a.columns + c]!);
      return gradient;
    },
    logPrior: () => ({ value: -0.5 * theta[0]! ** 2, gradient: Float64Array.of(-theta[0]!) }),
  };
}
describeKernel(
  'a Gaussian of unit width',
  [
    { kind: 'continuous', name: 'a' },
    { kind: 'continuous', name: 'b' },
  ],
  { open: () => gaussian(Float64Array.of(0.4)), backends: { textbook: () => textbook } },
);

const line: SearchSpace<{ x: number }> = {
  columns: [{ kind: 'ordinal', name: 'x', levels: 5 }],
  size: 5,
  encode: ({ x }) => Float64Array.of((x + 0.5) / 5),
  decode: ([u = 0]) => ({ x: Math.min(4, Math.floor(u * 5)) }),
};
describeSearchSpace('five numbers', () => line);

/** Weighted mean of the nearest: exp(−50 r²). */
const smoother: Surrogate = {
  fit: ({ x, y }) => ({
    marginals(at) {
      const mean = new Float64Array(at.rows);
      for (let p = 0; p < at.rows; p++) {
        let [total, weight] = [0, 1e-9];
        for (let i = 0; i < x.rows; i++) {
          const r2 =
            (at.data[2 * p]! - x.data[2 * i]!) ** 2 + (at.data[2 * p + 1]! - x.data[2 * i + 1]!) ** 2;
          const w = Math.exp(-50 * r2);
          total += w * y[i]!;
          weight += w;
        }
        mean[p] = total / weight;
      }
      return { mean, variance: new Float64Array(at.rows).fill(1) };
    },
  }),
};
describeSurrogate('a kernel smoother', () => smoother);
