import { type Matrix, seeded } from '@foothold/core';
import { describe, expect, it } from 'vitest';
import { type SobolIndices, sobolDesign, sobolIndices } from './sobol-indices.ts';

const size = 1024;

function indicesOf(dimensions: number, f: (u: Float64Array) => number, pairs = true): SobolIndices {
  const design = sobolDesign({ dimensions, size, pairs, rng: seeded(1) });
  return sobolIndices(design, valuesOf(design.x, f));
}

function valuesOf(x: Matrix, f: (u: Float64Array) => number): Float64Array {
  return Float64Array.from({ length: x.rows }, (_, i) =>
    f(x.data.subarray(i * x.columns, (i + 1) * x.columns)),
  );
}

/** Ishigami & Homma 1990 with a = 7, b = 0.1: its indices have a closed form. */
const ishigami = (u: Float64Array) => {
  const [x, y, z] = Array.from(u, (v) => Math.PI * (2 * v - 1));
  return Math.sin(x!) + 7 * Math.sin(y!) ** 2 + 0.1 * z! ** 4 * Math.sin(x!);
};

describe('Sobol indices by pick-freeze samples', () => {
  it.each([true, false])('are those of Ishigami’s function, pairs: %s', (pairs) => {
    const [b, pi4] = [0.1, Math.PI ** 4];
    const parts = {
      x: 0.5 * (1 + (b * pi4) / 5) ** 2,
      y: 49 / 8,
      xz: b ** 2 * pi4 ** 2 * (1 / 18 - 1 / 50),
    };
    const variance = parts.x + parts.y + parts.xz;
    const { first, total, second } = indicesOf(3, ishigami, pairs);
    const near = (found: number, expected: number): void => {
      expect(Math.abs(found - expected / variance)).toBeLessThan(0.03);
    };
    [parts.x, parts.y, 0].forEach((part, j) => {
      near(first[j]!, part);
    });
    [parts.x + parts.xz, parts.y, parts.xz].forEach((part, j) => {
      near(total[j]!, part);
    });
    expect(second === undefined).toBe(!pairs);
    if (!second) return;
    near(second.data[0 * 3 + 2]!, parts.xz);
    near(second.data[0 * 3 + 1]!, 0);
    near(second.data[1 * 3 + 2]!, 0);
    expect(second.data[2 * 3 + 0]).toBe(second.data[0 * 3 + 2]);
  });

  it('are the squared slopes of a linear function, and nothing interacts', () => {
    const slopes = [1, 2, 3, 0];
    const { first, total, second } = indicesOf(4, (u) => u.reduce((sum, v, j) => sum + slopes[j]! * v, 1e6));
    slopes.forEach((slope, j) => {
      expect(Math.abs(first[j]! - slope ** 2 / 14)).toBeLessThan(0.01);
      expect(Math.abs(total[j]! - slope ** 2 / 14)).toBeLessThan(0.01);
    });
    for (const share of second!.data) expect(Math.abs(share)).toBeLessThan(0.01);
  });

  it('are those of some inputs, and 0 for one that does nothing, however few rows there are', () => {
    const inputs = [2, 5, 39];
    const design = sobolDesign({ dimensions: 40, inputs, size: 16, pairs: false, rng: seeded(1) });
    expect(design.x.rows).toBe(16 * 5);
    const { first, total } = sobolIndices(
      design,
      valuesOf(design.x, (u) => u[0]! + u[1]! + 3 * u[5]!),
    );
    expect([first[0], first[2], total[0], total[2]]).toEqual([0, 0, 0, 0]);
    // 16 rows say little of the share itself, 9 of 11.
    expect(Math.abs(first[1]! - 9 / 11)).toBeLessThan(0.3);
    expect(Math.abs(total[1]! - 9 / 11)).toBeLessThan(0.3);
  });

  it('are 0 for a constant function', () => {
    const { first, total, second } = indicesOf(2, () => 1e9 / 3);
    expect([...first, ...total, ...second!.data].every((share) => share === 0)).toBe(true);
  });
});
