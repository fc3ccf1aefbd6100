import type { Storage, StudyEvent } from '@foothold/core';
import { expect, it } from 'vitest';
import { logFollowers } from './log-followers.ts';

const expired = (number: number): StudyEvent => ({ type: 'expired', number });

it('reads a long log in parts, and takes an append of any length', async () => {
  const log = Array.from({ length: 3500 }, (_, k) => expired(k));
  const limits: (number | undefined)[] = [];
  const watchedFrom: number[] = [];
  let grow = (): void => undefined;
  const grown = new Promise<void>((resolve) => {
    grow = resolve;
  });
  const storage: Storage = {
    read: async (_, from, limit = Infinity) => {
      limits.push(limit);
      return log.slice(from, from + limit);
    },
    append: async () => false,
    async *watch(_, from) {
      watchedFrom.push(from);
      await grown;
      yield log.slice(from);
    },
  };
  const ending = new AbortController();
  const follow = logFollowers(storage, async () => log.length);
  const seen: StudyEvent[] = [];
  for await (const { from, events } of follow('a', 0, ending.signal)) {
    expect(from).toBe(seen.length);
    expect(events.length).toBeLessThanOrEqual(1000);
    for (const event of events) seen.push(event);
    if (seen.length === 3500) {
      expect(limits).toEqual([1000, 1000, 1000, 1000]);
      // More than fit into the arguments of one call.
      for (let k = 0; k < 200_000; k++) log.push(expired(3500 + k));
      grow();
    }
    if (seen.length === log.length) ending.abort();
  }
  expect(seen).toEqual(log);
  expect(watchedFrom).toEqual([3500]);
});
