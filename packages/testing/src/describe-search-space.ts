import { levelOf, type Params, positionOf, type SearchSpace, seeded } from '@foothold/core';
import { describe, expect, it } from 'vitest';

/** What every SearchSpace must do: params that it decodes survive encoding. One line in a space's test file. */
export function describeSearchSpace<P extends Params>(name: string, open: () => SearchSpace<P>): void {
  describe(`${name} is a SearchSpace`, () => {
    it('decodes any point of the cube, its faces too, to params that encode and decode to themselves', () => {
      const space = open();
      const rng = seeded(1);
      for (let i = 0; i < 500; i++) {
        const corner = i % 5 === 0;
        const point = Float64Array.from(space.columns, () => (corner ? Math.round(rng.next()) : rng.next()));
        const params = space.decode(point);
        const encoded = space.encode(params);
        expect(encoded.length).toBe(space.columns.length);
        expect(encoded.every((u) => u >= 0 && u <= 1)).toBe(true);
        expect(space.decode(encoded)).toEqual(params);
      }
    });

    it('puts discrete coordinates on the grid', () => {
      const space = open();
      const rng = seeded(2);
      for (let i = 0; i < 100; i++) {
        const encoded = space.encode(space.decode(Float64Array.from(space.columns, () => rng.next())));
        space.columns.forEach((column, j) => {
          if (column.kind === 'continuous') return;
          expect(encoded[j]).toBeCloseTo(positionOf(column, levelOf(column, encoded[j]!)), 12);
        });
      }
    });

    it('has as many params as its size says, where that is small', () => {
      const space = open();
      if (space.size === undefined || space.size > 5000) return;
      const seen = new Set<string>();
      const rng = seeded(3);
      for (let i = 0; i < 30 * space.size; i++)
        seen.add(JSON.stringify(space.decode(Float64Array.from(space.columns, () => rng.next()))));
      expect(seen.size).toBeLessThanOrEqual(space.size);
    });

    it('has no column before one that it depends on, where it gives an order', () => {
      const { columns, decode, parentsFirst } = open();
      if (!parentsFirst) return;
      expect([...parentsFirst].sort((a, b) => a - b)).toEqual(columns.map((_, j) => j));
      const rng = seeded(4);
      for (let i = 0; i < 200; i++) {
        const point = Float64Array.from(columns, () => rng.next());
        const other = point.slice();
        const from = Math.floor(rng.next() * columns.length);
        for (const j of parentsFirst.slice(from)) other[j] = rng.next();
        const isActive = (at: Float64Array, j: number) => Object.hasOwn(decode(at), columns[j]!.name);
        for (const j of parentsFirst.slice(0, from + 1)) expect(isActive(other, j)).toBe(isActive(point, j));
      }
    });

    it('names each column once', () => {
      const names = open().columns.map((column) => column.name);
      expect(new Set(names).size).toBe(names.length);
    });
  });
}
