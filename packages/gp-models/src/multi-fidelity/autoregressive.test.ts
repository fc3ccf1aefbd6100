import { type Column, InvalidArgumentError, matrix } from '@foothold/core';
import { describeKernel } from '@foothold/testing';
import { describe, expect, it } from 'vitest';
import { backends } from '../backends.fixture.ts';
import { matern52 } from '../kernels/matern52.ts';
import { autoregressive } from './autoregressive.ts';

const columns: Column[] = [
  { kind: 'continuous', name: 'a' },
  { kind: 'ordinal', name: 'scale', levels: 3 },
  { kind: 'continuous', name: 'b' },
];
/** [K: log s, log ℓ ℓ] log a₁ a₂, ρ₁ ρ₂ */
const theta = Float64Array.of(0.3, -0.5, 0.1, -0.2, 0.5, 0.8, -1.3);

describeKernel('autoregressive', columns, {
  open: () => autoregressive(columns, 1).withTheta(theta),
  backends,
});

describe('autoregressive', () => {
  it('has the covariances of f₁ = ρ₁g + a₁δ₁ and f₂ = ρ₂f₁ + a₂δ₂', () => {
    const kernel = autoregressive(columns, 1).withTheta(theta);
    const k = matern52(columns, { active: [0, 2] }).withTheta(theta.slice(0, 3));
    const at = (level: number) =>
      matrix(2, 3, Float64Array.of(0.2, (level + 0.5) / 3, 0.7, 0.6, (level + 0.5) / 3, 0.1));
    const same = k.covariance(at(0), at(0)).data;
    const middle = 0.64 + Math.exp(-0.4);
    const expected: readonly (readonly [s: number, t: number, weight: number, constant: number])[] = [
      [0, 0, 1, 0],
      [0, 1, 0.8, 0],
      [0, 2, 0.8 * -1.3, 0],
      [1, 1, middle, 0.1],
      [1, 2, middle * -1.3, 0],
      [2, 2, middle * 1.69 + Math.E, 0.1],
    ];
    for (const [s, t, weight, constant] of expected) {
      const got = kernel.covariance(at(s), at(t)).data;
      for (let i = 0; i < 4; i++) expect(got[i]).toBeCloseTo(weight * same[i]! + constant, 12);
    }
  });
  it('names a column that is no scale', () => {
    expect(() => autoregressive(columns, 0)).toThrow(InvalidArgumentError);
    expect(() => autoregressive([columns[1]!], 0)).toThrow(InvalidArgumentError);
  });
});
