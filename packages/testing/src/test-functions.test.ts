import { seeded } from '@foothold/core';
import { describe, expect, it } from 'vitest';
import { testFunctions } from './test-functions.ts';

describe.each(testFunctions)('$name', ({ low, high, minimum, minimizer, evaluate }) => {
  it('has its minimum where it says', () => {
    expect(Math.abs(evaluate(minimizer) - minimum)).toBeLessThan(2e-5 * Math.max(1, Math.abs(minimum)));
  });

  it('has there the value that it says, found by walking downhill', () => {
    let x = Float64Array.from(minimizer);
    let lowest = evaluate(x);
    for (let step = 1e-3; step > 1e-9; ) {
      const before = lowest;
      for (let j = 0; j < x.length; j++)
        for (const by of [-step, step]) {
          const next = x.with(j, x[j]! + by);
          const value = evaluate(next);
          if (value < lowest) [x, lowest] = [next, value];
        }
      if (lowest === before) step /= 2;
    }
    expect(Math.abs(lowest - minimum)).toBeLessThan(1e-9 * Math.max(1, Math.abs(minimum)));
  });

  it('is nowhere lower, near the minimum or far', () => {
    const rng = seeded(1);
    for (let i = 0; i < 4000; i++) {
      const near = i % 2 === 0 ? 0.01 : 1;
      const x = minimizer.map((v, j) => {
        const anywhere = low[j]! + rng.next() * (high[j]! - low[j]!);
        return near === 1 ? anywhere : v + near * (anywhere - v);
      });
      expect(evaluate(x)).toBeGreaterThanOrEqual(minimum - 1e-9 * Math.abs(minimum));
    }
  });
});
