import type { StudyEvent } from '@foothold/core';
import { expect, test } from 'vitest';
import { type ServerTimes, servedTimes } from './served-times.ts';

const asked = (number: number, prefix?: number): StudyEvent => ({
  ...{ type: 'asked', number, at: 0, params: {}, lease: { owner: 'a' } },
  ...(prefix !== undefined && { prefix }),
});
const times: ServerTimes = {
  requests: [
    { op: 'ask', key: 'early', read: 5, answered: 6 },
    { op: 'ask', key: 'a', read: 100, answered: 110 },
    { op: 'ask', key: 'b', read: 200, answered: 208 },
    { op: 'ask', key: 'c', read: 300, answered: 340 },
    { op: 'tell', read: 400, answered: 410 },
  ],
  batches: [
    { prefix: 1, made: 150 },
    { prefix: 2, made: 320 },
  ],
  syncs: [
    [190, 203],
    [202, 205],
    [401, 404],
  ],
  loopDelayMs: { p50: 5, p99: 6 },
};

test('an ask is prepared where its suggestion was there when its request was read', () => {
  const events = [asked(0), asked(1, 1), asked(2), asked(3)];
  const { prepared, preparedShare, asksAtServer, preparedAtServer, tellsAtServer } = servedTimes(times, {
    events,
    asks: [
      [0, 'early', 1],
      [3, 'a', 12], // nobody prepared it
      [1, 'b', 9],
      [2, 'c', 41], // made while it waited
    ],
    from: 50,
  });
  expect(prepared).toMatchObject({ count: 1, p99Ms: 9 });
  expect(preparedShare).toBe(1 / 3);
  expect(asksAtServer).toMatchObject({ count: 3, p50Ms: 10, p99Ms: 40 });
  // Of 8 ms the disk was written to in 5: the syncs overlap.
  expect(preparedAtServer).toMatchObject({ count: 1, p99Ms: 8, p99WithoutDiskMs: 3, p99Syncs: 2 });
  expect(tellsAtServer).toMatchObject({ count: 1, p99Ms: 10, p99WithoutDiskMs: 7, p99Syncs: 1 });
});
