import type { Trial } from '@foothold/core';
import { expect, test } from 'vitest';
import { servedFaults } from './server-faults.ts';

const trial = (number: number, value?: number): Trial => ({
  ...{ number, params: {}, reports: [] },
  ...(value === undefined ? { state: 'running' as const } : { state: 'complete' as const, value }),
});
const times = { count: 0, p50Ms: 0, p99Ms: 0 };
const result = (told: readonly (readonly [number, number])[], errors = {}) => ({
  ...{ asks: times, tells: times, asksPerSecond: 0 },
  ...{ told, errors },
});

test('says what was lost, doubled, left open and refused', () => {
  expect(
    servedFaults(
      [trial(0, 1), trial(1, 2)],
      result([
        [0, 1],
        [1, 2],
      ]),
    ),
  ).toEqual([]);
  expect(
    servedFaults(
      [trial(0, 1), trial(1, 3)],
      result([
        [0, 1],
        [1, 2],
      ]),
    ),
  ).toEqual(['1 acknowledged tells lost or changed']);
  expect(
    servedFaults(
      [trial(0, 1)],
      result([
        [0, 1],
        [0, 1],
      ]),
    ),
  ).toEqual(['1 trials told by two clients', '1 trials, 2 acknowledged tells']);
  expect(servedFaults([trial(0, 1), trial(2)], result([[0, 1]]))).toEqual([
    'numbers with a gap',
    '1 trials are not complete',
    '2 trials, 1 acknowledged tells',
  ]);
  expect(servedFaults([], result([], { StorageError: 3 }))).toEqual(['3 StorageError']);
});
