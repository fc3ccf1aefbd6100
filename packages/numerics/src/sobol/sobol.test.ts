import { InvalidArgumentError, type Matrix, rowOf, seeded } from '@foothold/core';
import { describe, expect, it } from 'vitest';
import reference from './sobol.reference.json' with { type: 'json' };
import { sobol } from './sobol.ts';

const columnOf = (a: Matrix, j: number) =>
  Array.from({ length: a.rows }, (_, i) => a.data[i * a.columns + j]!);

describe('sobol', () => {
  it('gives the points of SciPy when it does not scramble (scripts/sobol_table.py)', () => {
    const points = sobol({ dimensions: 4096 }).next(64);
    const seen = reference.points.map((_, i) => reference.columns.map((c) => rowOf(points, i)[c]));
    expect(seen).toEqual(reference.points);
  });

  it.each([undefined, 1, 2, 3])(
    'puts one of 256 points into each of 256 equal intervals of every coordinate, seed %s',
    (seed) => {
      const points = sobol({ dimensions: 300, rng: seed === undefined ? undefined : seeded(seed) }).next(256);
      for (let d = 0; d < 300; d++)
        expect(new Set(columnOf(points, d).map((u) => Math.floor(u * 256))).size).toBe(256);
    },
  );

  it.each([1, 2, 3, 4, 5])('keeps the first two coordinates a (0, 8, 2)-net, seed %i', (seed) => {
    // Also a later block of 2⁸ points is such a net: every elementary box of area 2⁻⁸ holds exactly one.
    const sequence = sobol({ dimensions: 2, rng: seeded(seed) });
    for (const from of [0, 256, 1024])
      for (let a = 0; a <= 8; a++) {
        const points = sequence.points(from, 256);
        const boxes = new Set<number>();
        for (let i = 0; i < 256; i++) {
          const [x = 0, y = 0] = rowOf(points, i);
          boxes.add(Math.floor(x * 2 ** a) * 1000 + Math.floor(y * 2 ** (8 - a)));
        }
        expect(boxes.size).toBe(256);
      }
  });

  it('scrambles each seed otherwise, strictly inside the cube, with uniform single points', () => {
    const first = Array.from(
      { length: 2000 },
      (_, s) => sobol({ dimensions: 2, rng: seeded(s) }).next(1).data,
    );
    const mean = first.reduce((s, p) => s + p[0]!, 0) / first.length;
    expect(Math.abs(mean - 0.5)).toBeLessThan(4 * Math.sqrt(1 / 12 / first.length));
    const many = sobol({ dimensions: 64, rng: seeded(5) }).next(1024);
    expect(many.data.every((u) => u > 0 && u < 1)).toBe(true);
    expect(sobol({ dimensions: 2, rng: seeded(5) }).next(4)).toEqual(
      sobol({ dimensions: 2, rng: seeded(5) }).next(4),
    );
  });

  it('continues where it stopped, and starts anywhere', () => {
    const sequence = sobol({ dimensions: 7, rng: seeded(9) });
    const whole = sequence.points(0, 40);
    const parts = [sequence.next(3), sequence.next(0), sequence.next(17), sequence.next(20)];
    expect(parts.flatMap((p) => Array.from(p.data))).toEqual(Array.from(whole.data));
    expect(Array.from(sequence.points(11, 9).data)).toEqual(Array.from(whole.data.slice(77, 140)));
    expect(sequence.points(2 ** 32 - 2, 2).rows).toBe(2);
  });

  it('integrates a smooth function twenty times better than random points', () => {
    // ∏(1 + (uⱼ − ½)) has integral 1.
    const error = (points: Matrix) => {
      let sum = 0;
      for (let i = 0; i < points.rows; i++) sum += rowOf(points, i).reduce((p, u) => p * (0.5 + u), 1);
      return Math.abs(sum / points.rows - 1);
    };
    let scrambled = 0;
    let random = 0;
    for (let seed = 0; seed < 10; seed++) {
      const rng = seeded(seed);
      scrambled += error(sobol({ dimensions: 5, rng }).next(1024));
      random += error({
        rows: 1024,
        columns: 5,
        data: Float64Array.from({ length: 5120 }, () => rng.next()),
      });
    }
    expect(random).toBeGreaterThan(20 * scrambled);
  });

  it('names the dimensions that it has', () => {
    expect(() => sobol({ dimensions: 4097 })).toThrow(InvalidArgumentError);
    expect(() => sobol({ dimensions: 2 }).points(2 ** 32 - 1, 2)).toThrow(InvalidArgumentError);
    expect(sobol({ dimensions: 0 }).next(3)).toMatchObject({ rows: 3, columns: 0 });
  });
});
