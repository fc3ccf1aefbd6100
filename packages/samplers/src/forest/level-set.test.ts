import { seeded } from '@foothold/core';
import { expect, it } from 'vitest';
import {
  commonLevels,
  complementOf,
  everyLevel,
  hasLevel,
  intersectionOf,
  type LevelSet,
} from './level-set.ts';

it('sets of levels meet as sets of numbers do, whatever they list', () => {
  const rng = seeded(3);
  const n = 12;
  const drawn = (): LevelSet => ({
    listed: new Map(
      Array.from({ length: Math.floor(6 * rng.next()) }, () => [
        Math.floor(n * rng.next()),
        rng.next() < 0.5,
      ]),
    ),
    others: rng.next() < 0.5,
  });
  const members = (set: LevelSet) =>
    Array.from({ length: n }, (_, level) => level).filter((level) => hasLevel(set, level));
  expect(members(everyLevel).length).toBe(n);
  for (let i = 0; i < 500; i++) {
    const [a, b] = [drawn(), drawn()];
    const both = members(a).filter((level) => hasLevel(b, level));
    expect(members(intersectionOf(a, b))).toEqual(both);
    expect(commonLevels(a, b, n)).toBe(both.length);
    expect(members(complementOf(a)).length).toBe(n - members(a).length);
  }
});
