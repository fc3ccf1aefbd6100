import { type Column, InvalidArgumentError, matrix } from '@foothold/core';
import { describeKernel } from '@foothold/testing';
import { describe, expect, it } from 'vitest';
import { backends } from '../backends.fixture.ts';
import { matern52 } from '../kernels/matern52.ts';
import { learningCurveKernel } from './learning-curve-kernel.ts';

const columns: Column[] = [
  { kind: 'continuous', name: 'a' },
  { kind: 'ordinal', name: 'epochs', levels: 4 },
  { kind: 'continuous', name: 'b' },
];
/** [K: log s, log ℓ ℓ] log r, log c, log α, log β */
const theta = Float64Array.of(0.3, -0.5, 0.1, -0.2, -0.7, 0.4, -1.3);
const open = () => learningCurveKernel(columns, { fidelityColumn: 1 }).withTheta(theta);

describeKernel('learningCurveKernel', columns, { open, backends });
describeKernel('learningCurveKernel with power laws', columns, {
  open: () =>
    learningCurveKernel(columns, { fidelityColumn: 1, decay: 'power-law' }).withTheta(
      Float64Array.of(...theta, -3.1),
    ),
  backends,
});

describe('learningCurveKernel', () => {
  const at = (level: number) =>
    matrix(2, 3, Float64Array.of(0.2, (level + 0.5) / 4, 0.7, 0.6, (level + 0.5) / 4, 0.1));
  it('has the covariances of f + g + h', () => {
    const k = matern52(columns, { active: [0, 2] }).withTheta(theta.slice(0, 3));
    const common = k.covariance(at(0), at(0)).data;
    const [r, c, alpha, beta] = [Math.exp(-0.2), Math.exp(-0.7), Math.exp(0.4), Math.exp(-1.3)];
    for (const [s, t] of [
      [0, 0],
      [0, 3],
      [2, 1],
    ] as const) {
      const decay = (beta / ((s + 1) / 4 + (t + 1) / 4 + beta)) ** alpha;
      const got = open().covariance(at(s), at(t)).data;
      for (let i = 0; i < 4; i++) {
        const isSame = i === 0 || i === 3;
        expect(got[i]).toBeCloseTo(common[i]! * (1 + r * decay) + (isSame ? c * decay : 0), 12);
      }
    }
  });
  it('has power laws of the resource where they are asked for', () => {
    const kernel = learningCurveKernel(columns, { fidelityColumn: 1, decay: 'power-law' });
    const powers = kernel.withTheta(Float64Array.of(...theta, -3.1));
    const k = matern52(columns, { active: [0, 2] }).withTheta(theta.slice(0, 3));
    const common = k.covariance(at(0), at(0)).data;
    const [r, c, alpha, beta, tau] = [-0.2, -0.7, 0.4, -1.3, -3.1].map(Math.exp) as [
      ...[number, number, number, number, number],
    ];
    const sum = Math.log(1 + 1 / 4 / tau) + Math.log(1 + 3 / 4 / tau);
    const decay = (beta / (sum + beta)) ** alpha;
    const got = powers.covariance(at(0), at(2)).data;
    for (let i = 0; i < 4; i++)
      expect(got[i]).toBeCloseTo(common[i]! * (1 + r * decay) + (i % 3 === 0 ? c * decay : 0), 12);
  });
  it('takes the resource of each level where it is given', () => {
    const resources = [0, 0.1, 0.5, 2];
    const kernel = learningCurveKernel(columns, { fidelityColumn: 1, resources }).withTheta(theta);
    const [first, last] = [kernel.variance(at(0)), kernel.variance(at(3))];
    expect(first[0]).toBeCloseTo(Math.exp(0.3) * (1 + Math.exp(-0.2)) + Math.exp(-0.7), 12);
    expect(last[0]).toBeLessThan(first[0]!);
  });
  it('says more of the end the longer a curve is, and less of its beginning', () => {
    const correlation = (s: number, t: number) => {
      const k = open();
      const [p, q] = [k.variance(at(s))[0]!, k.variance(at(t))[0]!];
      return k.covariance(at(s), at(t)).data[0]! / Math.sqrt(p * q);
    };
    expect(correlation(2, 3)).toBeGreaterThan(correlation(1, 3));
    expect(correlation(1, 3)).toBeGreaterThan(correlation(0, 3));
  });
  it('names a column that is no fidelity, and resources and a decay that are none', () => {
    expect(() => learningCurveKernel(columns, { fidelityColumn: 0 })).toThrow(InvalidArgumentError);
    for (const resources of [
      [1, 2],
      [0, 1, 2, Number.NaN],
      [-1, 0, 1, 2],
    ])
      expect(() => learningCurveKernel(columns, { fidelityColumn: 1, resources })).toThrow('resources');
    for (const decay of ['powerLaw', 'toString', '', null] as unknown[] as 'exponential'[]) {
      const open = () => learningCurveKernel(columns, { fidelityColumn: 1, decay });
      expect(open).toThrow(InvalidArgumentError);
      expect(open).toThrow('one of exponential, power-law');
    }
  });
});
