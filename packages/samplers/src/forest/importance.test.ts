import {
  type Column,
  InvalidArgumentError,
  type Params,
  type SearchSpace,
  seeded,
  type Trial,
} from '@foothold/core';
import { categorical, integer, logUniform, searchSpace, uniform } from '@foothold/space';
import { describe, expect, it } from 'vitest';
import { type Box, importance, sharesOf } from './importance.ts';

function evaluated<P extends Params>(
  space: SearchSpace<P>,
  f: (params: P) => number,
  points: readonly Float64Array[],
): readonly Trial<P>[] {
  return points.map((point, number) => {
    const params = space.decode(point);
    return { number, params, reports: [], state: 'complete', value: f(params) };
  });
}

function spread(space: SearchSpace, n: number): readonly Float64Array[] {
  const rng = seeded('spread');
  return Array.from({ length: n }, () => Float64Array.from(space.columns, () => rng.next()));
}

/** Every combination of levels of a finite space. */
function everywhere(space: SearchSpace): readonly Float64Array[] {
  let rows: number[][] = [[]];
  for (const column of space.columns) {
    const k = column.kind === 'continuous' ? 1 : column.levels;
    rows = rows.flatMap((row) => Array.from({ length: k }, (_, i) => [...row, (i + 0.5) / k]));
  }
  return rows.map((row) => Float64Array.from(row));
}

const variance = (values: readonly number[]) => {
  const mean = values.reduce((a, b) => a + b, 0) / values.length;
  return values.reduce((sum, v) => sum + (v - mean) ** 2, 0) / values.length;
};

describe('importance', () => {
  it('is exact on a full table: the analysis of variance of a sum', () => {
    const space = searchSpace({
      c: categorical('a', 'b', 'c', 'd'),
      n: integer(1, 6),
      idle: integer(1, 3),
    });
    const byName = { a: 0, b: 2, c: -1, d: 0.5 };
    const f = ({ c, n }: ReturnType<typeof space.decode>) => byName[c] + 0.3 * n * n;
    const found = importance(space, evaluated(space, f, everywhere(space)), {
      direction: 'maximize',
      pairs: true,
    });
    const parts = [variance([0, 2, -1, 0.5]), variance([1, 2, 3, 4, 5, 6].map((n) => 0.3 * n * n)), 0];
    const total = parts.reduce((a, b) => a + b, 0);
    found.slice(0, 3).forEach(({ share, low, high }, j) => {
      expect(share).toBeCloseTo(parts[j]! / total, 10);
      expect(high - low).toBeLessThan(1e-10);
    });
    expect(found.map((i) => i.name)).toEqual(['c', 'n', 'idle', 'c × n', 'c × idle', 'n × idle']);
    for (const { share } of found.slice(3)) expect(share).toBeLessThan(1e-10);
  });

  it('is exact on a full table with an interaction: an exclusive or is all pair', () => {
    const space = searchSpace({ a: categorical('0', '1'), b: categorical('0', '1'), c: integer(0, 3) });
    const f = ({ a, b, c }: ReturnType<typeof space.decode>) => (a === b ? 1 : -1) + 0.5 * c;
    const found = importance(space, evaluated(space, f, everywhere(space)), {
      direction: 'minimize',
      pairs: true,
    });
    // Variances: 1 of the pair, 0.25 · 1.25 of c.
    const share = Object.fromEntries(found.map((i) => [i.name, i.share]));
    expect(share['a']).toBeCloseTo(0, 10);
    expect(share['b']).toBeCloseTo(0, 10);
    expect(share['a × b']).toBeCloseTo(1 / 1.3125, 10);
    expect(share['c']).toBeCloseTo(0.3125 / 1.3125, 10);
    expect(found.reduce((sum, i) => sum + i.share, 0)).toBeCloseTo(1, 10);
  });

  it('integrates boxes as a fine grid does', () => {
    const columns: readonly Column[] = [
      { kind: 'continuous', name: 'u' },
      { kind: 'continuous', name: 'v' },
    ];
    const box = (value: number, u: readonly [number, number], v: readonly [number, number]): Box => ({
      value,
      sides: [
        { low: u[0], high: u[1] },
        { low: v[0], high: v[1] },
      ],
    });
    const boxes = [box(3, [0, 0.25], [0, 1]), box(-1, [0.25, 1], [0, 0.5]), box(2, [0.25, 1], [0.5, 1])];
    const [u, v, both] = sharesOf(boxes, columns, [[0], [1], [0, 1]])!;
    // Quarters and halves: a 4×2 table with the same values.
    const table = Array.from({ length: 4 }, (_, i) => (i === 0 ? [3, 3] : [-1, 2]));
    const total = variance(table.flat());
    const rows = table.map((row) => (row[0]! + row[1]!) / 2);
    const sides = [0, 1].map((j) => table.reduce((sum, row) => sum + row[j]! / 4, 0));
    expect(u).toBeCloseTo(variance(rows) / total, 12);
    expect(v).toBeCloseTo(variance(sides) / total, 12);
    expect(u! + v! + both!).toBeCloseTo(1, 12);
  });

  it('comes close to the closed form of a sum of lines from a few hundred points', () => {
    const space = searchSpace({
      x: uniform(-2, 2),
      lr: logUniform(1e-5, 1),
      z: uniform(0, 1),
      c: categorical('r', 'g', 'b'),
    });
    const offset = { r: 0, g: 1, b: 2 };
    // Variances: (4·1)²/12, (5·0.5)²/12, 0 and 2/3.
    const f = ({ x, lr, c }: ReturnType<typeof space.decode>) => x + 0.5 * Math.log10(lr) + offset[c];
    const parts = [16 / 12, 6.25 / 12, 0, 2 / 3];
    const total = parts.reduce((a, b) => a + b, 0);
    const found = importance(space, evaluated(space, f, spread(space, 300)), { direction: 'minimize' });
    found.forEach(({ share }, j) => {
      expect(Math.abs(share - parts[j]! / total)).toBeLessThan(0.07);
    });
  });

  it('does not depend on the direction or on scale, and repeats itself', () => {
    const space = searchSpace({ x: uniform(0, 1), y: uniform(0, 1) });
    const points = spread(space, 60);
    const f = ({ x, y }: { x: number; y: number }) => x * x + 0.2 * y;
    const plain = importance(space, evaluated(space, f, points), { direction: 'minimize' });
    expect(importance(space, evaluated(space, f, points), { direction: 'minimize' })).toEqual(plain);
    const scaled = importance(
      space,
      evaluated(space, (p) => 2 ** 600 * f(p), points),
      { direction: 'maximize' },
    );
    scaled.forEach(({ share }, j) => {
      expect(share).toBeCloseTo(plain[j]!.share, 9);
    });
  });

  it('gives no share where nothing varies', () => {
    const space = searchSpace({ x: uniform(0, 1), y: uniform(0, 1) });
    for (const trials of [
      [],
      evaluated(space, () => 3, spread(space, 20)),
      evaluated(space, () => 3, spread(space, 1)),
    ])
      expect(importance(space, trials, { direction: 'minimize' }).map((i) => i.share)).toEqual([0, 0]);
    expect(() => importance(space, [], { direction: 'minimize', trees: 0 })).toThrow(InvalidArgumentError);
  });

  it('takes 1,000 trials of ten parameters in a few seconds', () => {
    const space = searchSpace(
      Object.fromEntries(Array.from({ length: 10 }, (_, i) => [`x${i}`, uniform(0, 1)])),
    ) as unknown as SearchSpace<Record<string, number>>;
    const f = (p: Record<string, number>) => p['x0']! + 0.5 * p['x1']!;
    const start = performance.now();
    const found = importance(space, evaluated(space, f, spread(space, 1000)), { direction: 'minimize' });
    expect(performance.now() - start).toBeLessThan(20_000);
    expect(found[0]!.share).toBeGreaterThan(0.6);
    for (const { share } of found.slice(2)) expect(share).toBeLessThan(0.03);
  });
});
