import { describe, expect, it } from 'vitest';
import { scoreScale } from './score-scale.ts';

describe('scoreScale', () => {
  it('shows values of one range with six digits of it', () => {
    const { text, unit } = scoreScale([0.912345678, 0.5]);
    expect(text(0.912345678)).toBe('0.912346');
    expect(unit).toBe(1e-6);
  });

  it('distinguishes values that lie close together far from 0', () => {
    const { text } = scoreScale([1e6 + 0.001, 1e6 + 0.0025]);
    expect(text(1e6 + 0.001)).toBe('1000000.001');
    expect(text(1e6 + 0.0025)).toBe('1000000.0025');
  });

  it.each([1e-300, 1e-30, 1, 7e30, 1e300])(
    'has digits that keep a ten-thousandth of a range of %d',
    (scale) => {
      for (const offset of [0, -3, 40]) {
        const values = [0, 0.00011, 0.5, 1].map((v) => scale * (v + offset));
        const { text, unit } = scoreScale(values);
        for (const value of values) expect(Math.abs(Number(text(value)) - value)).toBeLessThan(1e-5 * scale);
        expect(unit / scale).toBeGreaterThan(0.9e-6);
        expect(unit / scale).toBeLessThan(1.1e-5);
      }
    },
  );

  it('has a unit for nothing, one value, equal values and the whole range of numbers', () => {
    expect(scoreScale([]).unit).toBe(1e-5);
    expect(scoreScale([0, 0]).unit).toBe(1e-5);
    expect(scoreScale([Number.NaN, 7]).unit).toBe(1e-5);
    const { text, unit } = scoreScale([-1.7e308, 1.7e308]);
    expect(unit).toBe(1e303);
    expect(text(-1.7e308)).toBe('-1.7e+308');
  });
});
