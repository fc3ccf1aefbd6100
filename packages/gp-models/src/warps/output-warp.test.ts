import { seeded } from '@foothold/core';
import { expect, it } from 'vitest';
import { transform, untransform, warpedValues, warpReferenceOf, warpSlope } from './output-warp.ts';

const rng = seeded('warp');
const y = Float64Array.from({ length: 23 }, () => -Math.exp(6 * rng.next()));

it.each([-4, -1, -1e-4, 0, 1e-4, 1, 4])(
  'warp parameter %d: values come back, standardized, with the slope stated',
  (warpParameter) => {
    const { warp, z, logSlope } = warpedValues(y, warpReferenceOf(y), warpParameter);
    const mean = z.reduce((a, b) => a + b) / z.length;
    const square = z.reduce((a, b) => a + b * b, 0) / z.length;
    expect(Math.abs(mean)).toBeLessThan(1e-12);
    expect(square).toBeCloseTo(1, 10);
    y.forEach((v, i) => {
      expect(untransform(z[i]!, warp).y).toBeCloseTo(v, 8);
      expect(untransform(z[i]!, warp).slope * warpSlope(v, warp)).toBeCloseTo(1, 9);
      expect(Math.exp(logSlope[i]!) / warp.spread).toBeCloseTo(warpSlope(v, warp), 12);
    });
  },
);

it.each([-3, -0.7, -1e-3, 1e-3, 0.5, 3])(
  'warp parameter %d: derivatives are those of central differences',
  (warpParameter) => {
    const reference = warpReferenceOf(y);
    const { dz, dLogSlope } = warpedValues(y, reference, warpParameter);
    const high = warpedValues(y, reference, warpParameter + 1e-5);
    const low = warpedValues(y, reference, warpParameter - 1e-5);
    y.forEach((_, i) => {
      expect(dz[i]).toBeCloseTo((high.z[i]! - low.z[i]!) / 2e-5, 6);
      expect(dLogSlope[i]).toBeCloseTo((high.logSlope[i]! - low.logSlope[i]!) / 2e-5, 6);
    });
  },
);

it('keeps the order of values, beyond the data too', () => {
  for (const warpParameter of [-5, -1, 0, 1, 5]) {
    const { warp } = warpedValues(y, warpReferenceOf(y), warpParameter);
    const grid = Float64Array.from({ length: 400 }, (_, i) => -800 + 4 * i);
    const z = transform(grid, warp);
    for (let i = 1; i < z.length; i++) expect(z[i]).toBeGreaterThan(z[i - 1]!);
  }
});

it('standardizes equal values to zeros', () => {
  const { z } = warpedValues(Float64Array.of(3, 3, 3), warpReferenceOf(Float64Array.of(3, 3, 3)), 2);
  expect([...z].every((v) => v === 0)).toBe(true);
});
