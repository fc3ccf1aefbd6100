import { expect, it } from 'vitest';
import { scoreUnits } from './score-units.ts';

it('takes columns of 200,000 scores', () => {
  const half = Array.from({ length: 200_000 }, (_, i) => (i % 2 ? 0.4 : 0.6));
  const small = Array.from({ length: 200_000 }, (_, i) => (i % 2 ? 0.04 : 0.06));
  const { centre, unit } = scoreUnits([half, small], [1, 1]);
  expect(centre[0]).toBeCloseTo(0.5, 9);
  expect(centre[1]).toBeCloseTo(0.05, 9);
  // Units go like √(p(1 − p)).
  expect(unit[0]! / unit[1]!).toBeCloseTo(Math.sqrt((0.5 * 0.5) / (0.05 * 0.95)), 9);
});

it('takes 200,000 columns that are no proportions', { timeout: 60_000 }, () => {
  const values = Array.from({ length: 200_000 }, (_, j) => [-1 - (j % 3), -2 - (j % 3)]);
  const { unit } = scoreUnits(values, new Float64Array(values.length).fill(1));
  expect(unit.every((v) => v > 0 && Number.isFinite(v))).toBe(true);
});
