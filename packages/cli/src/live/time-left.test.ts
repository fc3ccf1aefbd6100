import type { Trial } from '@foothold/core';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { runStart, timeLeft } from './time-left.ts';

/** Trials of equal length by so many workers from 0 on, as they stand at a time. */
function schedule(
  { length, workers, total }: { length: number; workers: number; total: number },
  now: number,
) {
  return Array.from({ length: total }, (_, number): Trial => {
    const startedAt = Math.floor(number / workers) * length;
    const base = { number, params: {}, reports: [], startedAt };
    return startedAt + length <= now
      ? { ...base, finishedAt: startedAt + length, state: 'complete', value: 1 }
      : { ...base, state: 'running' };
  }).filter(({ startedAt }) => startedAt! <= now);
}

describe('timeLeft', () => {
  it('is exact for trials of equal length, up to one trial, however many workers there are', () => {
    fc.assert(
      fc.property(
        fc.record({
          length: fc.integer({ min: 10, max: 1e7 }),
          workers: fc.integer({ min: 1, max: 20 }),
          rounds: fc.integer({ min: 2, max: 30 }),
          at: fc.double({ min: 0, max: 0.999, noNaN: true }),
        }),
        ({ length, workers, rounds, at }) => {
          const total = rounds * workers;
          const now = (1 + at * (rounds - 1)) * length;
          const left = timeLeft(schedule({ length, workers, total }, now), { total, now, since: 0 })!;
          expect(Math.abs(left * 1000 - (rounds * length - now))).toBeLessThanOrEqual(1e-6 * rounds * length);
        },
      ),
    );
  });

  it('is not known before a trial of the run has ended, where nothing runs, and without a total', () => {
    const trials = schedule({ length: 1000, workers: 2, total: 10 }, 1500);
    expect(timeLeft(trials, { total: 10, now: 1500, since: 0 })).toBeCloseTo(3.5, 9);
    expect(timeLeft(trials, { total: undefined, now: 1500, since: 0 })).toBeUndefined();
    expect(timeLeft(trials, { total: 10, now: 1500, since: 1200 })).toBeUndefined();
    expect(
      timeLeft(
        trials.filter(({ state }) => state !== 'running'),
        { total: 10, now: 1500, since: 0 },
      ),
    ).toBeUndefined();
    expect(timeLeft([], { total: 10, now: 1500, since: 0 })).toBeUndefined();
  });
});

describe('runStart', () => {
  const ended = (startedAt: number, finishedAt: number): Trial => ({
    ...{ number: 0, params: {}, reports: [], startedAt, finishedAt },
    ...{ state: 'complete', value: 1 },
  });

  it('is where work began after a gap that no pause between two trials explains', () => {
    const hour = 3_600_000;
    const first = [ended(0, 20_000), ended(21_000, 40_000)];
    expect(runStart(first, 50_000)).toBe(0);
    expect(runStart([...first, ended(hour, hour + 20_000)], hour + 30_000)).toBe(hour);
    // Trials of an hour each: ten minutes between two are no gap.
    expect(runStart([ended(0, hour), ended(hour + 600_000, 2 * hour)], 2 * hour)).toBe(0);
    expect(runStart([], 77)).toBe(77);
  });
});
