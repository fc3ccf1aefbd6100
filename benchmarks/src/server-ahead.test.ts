import type { StudyEvent } from '@foothold/core';
import { expect, test } from 'vitest';
import { askTimesByPreparation } from './server-ahead.ts';

test('an ask is prepared where an earlier trial of its batch was asked for before it came', () => {
  const asked = (number: number, at: number, batch?: { count: number; index: number }): StudyEvent => ({
    ...{ type: 'asked', number, at, params: {}, lease: { owner: 'a' }, prefix: 3 },
    ...(batch && { batch }),
  });
  const events = [
    asked(0, 100, { count: 3, index: 0 }),
    asked(1, 110, { count: 3, index: 1 }),
    asked(2, 200, { count: 3, index: 2 }),
    asked(3, 300),
  ];
  const { prepared, others } = askTimesByPreparation(events, [
    [0, 90, 10],
    [1, 95, 15], // it came before the batch was there
    [2, 198, 2],
    [3, 250, 50],
  ]);
  expect([prepared.count, prepared.p99Ms]).toEqual([1, 2]);
  expect(others.count).toBe(3);
});
