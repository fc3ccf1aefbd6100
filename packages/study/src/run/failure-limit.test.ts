import type { Trial } from '@foothold/core';
import { describe, expect, it } from 'vitest';
import { failureLimit } from './failure-limit.ts';

const failed = (reason: string): Trial => ({ number: 0, params: {}, reports: [], state: 'failed', reason });
const complete: Trial = { number: 0, params: {}, reports: [], state: 'complete', value: 1 };

describe('failureLimit', () => {
  it('stops at five failures in the same way from the start, whatever figures they name', () => {
    const limit = failureLimit({ hasComplete: false });
    for (let i = 0; i < 4; i++)
      expect(limit.ended(failed(`no file run-${i}.json at 0.${i}`))).toBeUndefined();
    expect(limit.ended(failed('no file run-9.json at 1e-5'))).toContain(
      'the first 5 trials failed in the same way',
    );
    const advised = failureLimit({ hasComplete: false, advice: 'correct it' });
    expect(Array.from({ length: 5 }, () => advised.ended(failed('no file'))).at(-1)).toBe(
      'the first 5 trials failed in the same way: no file; correct it',
    );
  });
  it('does not stop by itself once a trial has completed, or where failures differ', () => {
    const after = failureLimit({ hasComplete: false });
    after.ended(complete);
    const resumed = failureLimit({ hasComplete: true });
    const mixed = failureLimit({ hasComplete: false });
    for (let i = 0; i < 20; i++) {
      expect(after.ended(failed('x'))).toBeUndefined();
      expect(resumed.ended(failed('x'))).toBeUndefined();
      expect(mixed.ended(failed(i % 2 ? 'out of memory' : 'no such file'))).toBeUndefined();
    }
  });
  it('counts failures of any kind in a row where a number is given', () => {
    const limit = failureLimit({ max: 3, hasComplete: true });
    expect([failed('a'), failed('b'), complete, failed('c'), failed('d')].map(limit.ended)).toEqual(
      Array(5).fill(undefined),
    );
    expect(limit.ended(failed('e'))).toBe('3 trials in a row failed, the last one: e');
  });
});
