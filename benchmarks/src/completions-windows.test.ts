import { seeded } from '@foothold/core';
import { expect, test } from 'vitest';
import { fullestWindow } from './completions-windows.ts';

test('finds the window of most requests and that of most tokens, and a window is half-open', () => {
  const at = (time: number, tokens = 1) => ({ at: time, tokens });
  expect(fullestWindow([], 10)).toEqual({ requests: 0, tokens: 0 });
  expect(fullestWindow([at(10), at(0)], 10)).toEqual({ requests: 1, tokens: 1 });
  expect(fullestWindow([at(9.999), at(0)], 10)).toEqual({ requests: 2, tokens: 2 });
  expect(fullestWindow([at(0), at(1), at(2), at(20, 50)], 10)).toEqual({ requests: 3, tokens: 50 });
});

test('finds what a look at every window finds', () => {
  const rng = seeded('windows');
  for (let run = 0; run < 50; run++) {
    const arrivals = Array.from({ length: 60 }, () => ({
      at: Math.floor(200 * rng.next()),
      tokens: Math.floor(10 * rng.next()),
    }));
    const windows = Array.from({ length: 220 }, (_, begin) =>
      arrivals.filter(({ at }) => at >= begin - 10 && at < begin + 15),
    );
    expect(fullestWindow(arrivals, 25)).toEqual({
      requests: Math.max(...windows.map((list) => list.length)),
      tokens: Math.max(...windows.map((list) => list.reduce((sum, { tokens }) => sum + tokens, 0))),
    });
  }
});
