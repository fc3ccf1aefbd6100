import type { Trial } from '@foothold/core';
import { expect, it } from 'vitest';
import { withoutBest } from './without-best.ts';

const trial = (state: string): Trial => ({ number: 0, params: {}, reports: [], state }) as unknown as Trial;

it.each([
  [['failed'], ['failed'], 'no trial completed'],
  [[], [], 'no trial completed'],
  [['complete', 'failed'], ['failed'], 'no trial completed at the fidelity that counts'],
  [['complete'], ['complete'], 'no complete trial keeps the limits'],
])('of the trials %j, of which %j may be the best one, is said: %3$s', (all, rivals, text) => {
  expect(withoutBest(all.map(trial), rivals.map(trial))).toBe(text);
});
