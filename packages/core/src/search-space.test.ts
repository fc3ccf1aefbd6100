import { describe, expect, it } from 'vitest';
import { type Column, levelOf, positionOf } from './search-space.ts';

const columns: readonly Column[] = [
  { kind: 'ordinal', name: 'k', levels: 5 },
  { kind: 'categorical', name: 'c', levels: 3 },
  { kind: 'ordinal', name: 'units', levels: 497, logFrom: 16 },
  { kind: 'ordinal', name: 'one', levels: 1, logFrom: 1 },
];

describe('levels of a column', () => {
  it.each(columns.map((column) => [column.name, column] as const))(
    'of %s come back from their positions',
    (_, column) => {
      if (column.kind === 'continuous') return;
      let last = 0;
      for (let level = 0; level < column.levels; level++) {
        const u = positionOf(column, level);
        expect(u).toBeGreaterThan(last);
        expect(u).toBeLessThan(1);
        expect(levelOf(column, u)).toBe(level);
        last = u;
      }
    },
  );
  it('clamp what lies outside', () => {
    for (const column of columns) {
      if (column.kind === 'continuous') continue;
      expect(levelOf(column, -3)).toBe(0);
      expect(levelOf(column, 1)).toBe(column.levels - 1);
      expect(levelOf(column, 7)).toBe(column.levels - 1);
    }
    expect(levelOf({ kind: 'continuous', name: 'x' }, 1.5)).toBe(1);
  });
  it('of a logarithmic column have the distances of their ratios', () => {
    const column = columns[2]!;
    const width = (a: number, b: number) => positionOf(column, b - 16) - positionOf(column, a - 16);
    expect(width(32, 64)).toBeCloseTo(width(128, 256), 10);
  });
});
