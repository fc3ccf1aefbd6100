import { seeded } from '@foothold/core';
import { describe, expect, it } from 'vitest';
import { erfc, erfcx } from './erfc.ts';
import { lgamma, logBeta } from './gamma.ts';
import { logH, logHGradient } from './log-h.ts';
import { log1mexp, logSumExp } from './log-sum-exp.ts';
import { logNormalCdf, normalCdf, normalPdf, normalQuantile, standardNormal } from './normal.ts';
import reference from './special.reference.json' with { type: 'json' };
import { logTruncationEntropy, upperTruncatedNormal } from './upper-truncated-normal.ts';

const unit = 2 ** -53;
const denormal = 2 ** -1074;

/** Largest error in units of 2⁻⁵³ of the recorded value; one denormal is forgiven, a wrong infinity is not. */
function worst(
  f: (x: number) => number,
  table: readonly (readonly number[])[],
): { at: number; units: number } {
  let result = { at: Number.NaN, units: 0 };
  for (const [x, y] of table as readonly [number, number][]) {
    const gap = f(x) === y ? 0 : Math.abs(f(x) - y) - denormal;
    const units = gap <= 0 ? 0 : gap / Math.abs(y) / unit;
    if (!(units <= result.units)) result = { at: x, units };
  }
  return result;
}

describe('special functions against values of 80 digits (scripts/fit.py)', () => {
  it.each([
    ['erfc', erfc, 6],
    ['erfcx', erfcx, 6],
    ['normalCdf', normalCdf, 8],
    ['logNormalCdf', logNormalCdf, 6],
    ['normalQuantile', normalQuantile, 8],
    ['logH', logH, 64],
    ['logHGradient', logHGradient, 12],
    ['lgamma', lgamma, 90],
  ] as const)('%s agrees within a few units of 2⁻⁵³', (name, f, allowed) => {
    const table = reference[name] as readonly (readonly number[])[];
    const { at, units } = worst(f, table);
    expect(units, `${name}(${at})`).toBeLessThan(allowed);
  });
});

describe('shapes over hard ranges', () => {
  it('normalQuantile undoes normalCdf from the denormals to one half', () => {
    const rng = seeded(1);
    for (let i = 0; i < 2000; i++) {
      const z = -rng.next() * 37;
      expect(Math.abs(normalQuantile(normalCdf(z)) - z)).toBeLessThan(
        1e-14 * Math.max(1, Math.abs(z)) + 1e-14,
      );
    }
  });

  it('logH grows, never becomes NaN, and has the slope that logHGradient states', () => {
    let previous = -Infinity;
    for (let z = -60; z <= 60; z += 0.037) {
      const value = logH(z);
      expect(value).toBeGreaterThan(previous);
      previous = value;
      const step = 1e-5 * Math.max(1, Math.abs(z));
      const slope = (logH(z + step) - logH(z - step)) / (2 * step);
      expect(Math.abs(slope / logHGradient(z) - 1)).toBeLessThan(1e-6);
    }
    expect(logH(-1e100)).toBeCloseTo(-5e199, -190);
    expect(logHGradient(-1e100)).toBeCloseTo(1e100, -90);
  });

  it('logHGradient has no step where its formula changes', () => {
    for (const z of [0, -0.7 * Math.SQRT2]) {
      const gap = logHGradient(z + 1e-12) - logHGradient(z - 1e-12);
      expect(Math.abs(gap)).toBeLessThan(1e-11);
    }
  });

  it('erfc(x) + erfc(−x) is 2 and φ is the slope of Φ', () => {
    for (let x = -6; x <= 6; x += 0.11) {
      expect(Math.abs(erfc(x) + erfc(-x) - 2)).toBeLessThan(4 * unit);
      const slope = (normalCdf(x + 1e-6) - normalCdf(x - 1e-6)) / 2e-6;
      expect(Math.abs(slope - normalPdf(x))).toBeLessThan(1e-9);
    }
  });

  it('ends where the range ends', () => {
    expect(erfc(-Infinity)).toBe(2);
    expect(erfc(Infinity)).toBe(0);
    expect(erfcx(Infinity)).toBe(0);
    expect(erfcx(-30)).toBe(Infinity);
    expect(normalCdf(-Infinity)).toBe(0);
    expect(normalCdf(Infinity)).toBe(1);
    expect(logNormalCdf(Infinity) === 0).toBe(true);
    expect(normalQuantile(0)).toBe(-Infinity);
    expect(normalQuantile(1)).toBe(Infinity);
    for (const f of [erfc, erfcx, normalCdf, logNormalCdf, normalQuantile, logH, logHGradient, lgamma])
      expect(f(Number.NaN)).toBeNaN();
    expect(normalQuantile(1.1)).toBeNaN();
  });
});

describe('sums in log scale', () => {
  it('log1mexp agrees with its series at both ends', () => {
    expect(log1mexp(-1e-20)).toBeCloseTo(Math.log(1e-20), 12);
    expect(log1mexp(-40)).toBe(-Math.exp(-40));
    expect(log1mexp(-Math.LN2)).toBeCloseTo(-Math.LN2, 14);
    expect(log1mexp(0)).toBe(-Infinity);
  });

  it('logSumExp neither overflows nor loses the largest term', () => {
    expect(logSumExp([1000, 1000])).toBeCloseTo(1000 + Math.LN2, 12);
    expect(logSumExp([-1e300, 0])).toBe(0);
    expect(logSumExp([])).toBe(-Infinity);
    expect(logSumExp([-Infinity, -Infinity])).toBe(-Infinity);
    expect(logSumExp([Infinity, 1])).toBe(Infinity);
    expect(logSumExp([Number.NaN, Infinity])).toBeNaN();
  });

  it('logBeta(½, ½) is log π and B(a, b + 1) = B(a, b)·b/(a + b)', () => {
    expect(logBeta(0.5, 0.5)).toBeCloseTo(Math.log(Math.PI), 13);
    expect(logBeta(3.3, 5.4) - logBeta(3.3, 4.4)).toBeCloseTo(Math.log(4.4 / 7.7), 12);
  });
});

describe('standardNormal', () => {
  it('has the moments of N(0, 1) and repeats with its seed', () => {
    const rng = seeded('normal');
    const draws = Array.from({ length: 40_000 }, () => standardNormal(rng));
    const moment = (k: number) => draws.reduce((s, v) => s + v ** k, 0) / draws.length;
    // Four standard errors of each moment.
    expect(Math.abs(moment(1))).toBeLessThan(4 / 200);
    expect(Math.abs(moment(2) - 1)).toBeLessThan((4 * Math.SQRT2) / 200);
    expect(Math.abs(moment(4) - 3)).toBeLessThan((4 * Math.sqrt(96)) / 200);
    expect(standardNormal(seeded(3))).toBe(standardNormal(seeded(3)));
  });
});

describe('a standard normal variable below a bound, against values of 500 digits (scripts/fit.py)', () => {
  it.each(reference.upperTruncatedNormal)(
    'agrees at %d',
    (bound, variance, reduction, slope, entropy, fall) => {
      const told = upperTruncatedNormal(bound!);
      const lost = logTruncationEntropy(bound!);
      for (const [value, wanted] of [
        [told.variance, variance],
        [told.reduction, reduction],
        [told.slope, slope],
        [lost.slope, fall],
      ] as const)
        expect(Math.abs(value - wanted!)).toBeLessThan(1e-10 * Math.abs(wanted!) + 1e-300);
      expect(Math.abs(lost.value - entropy!)).toBeLessThan(1e-12 * (1 + Math.abs(entropy!)));
    },
  );

  it('is a number for every bound', () => {
    for (const bound of [-1e150, -1e100, -1e20, 1e20, 1e150]) {
      const { value, slope } = logTruncationEntropy(bound);
      const { variance, reduction, slope: fall } = upperTruncatedNormal(bound);
      for (const u of [value, slope, variance, reduction, fall]) expect(Number.isNaN(u)).toBe(false);
    }
  });
});
