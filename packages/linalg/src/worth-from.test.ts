import { describe, expect, it } from 'vitest';
import { type Timing, worthFrom } from './worth-from.ts';

const timings = (operation: string, times: Readonly<Record<string, readonly (number | undefined)[]>>) =>
  Object.entries(times).flatMap(([backend, row]) =>
    row.flatMap((ms, i): Timing[] => (ms === undefined ? [] : [{ backend, operation, n: 10 ** i, ms }])),
  );

describe('worthFrom', () => {
  it('finds where one backend overtakes another, per operation', () => {
    const rows = [
      ...timings('cholesky', { wasm: [1, 2, 30], gpu: [5, 5, 5] }),
      ...timings('product', { wasm: [1, 2, 3], gpu: [5, 5, 5] }),
    ];
    expect(worthFrom(rows)).toEqual([
      { operation: 'cholesky', backend: 'wasm', from: 1 },
      { operation: 'cholesky', backend: 'gpu', from: 100 },
      { operation: 'product', backend: 'wasm', from: 1 },
    ]);
  });
  it('does not change for less than a tenth, nor for a lead that is lost again', () => {
    expect(worthFrom(timings('solve', { wasm: [1, 1, 1], other: [0.95, 0.93, 0.91] }))).toEqual([
      { operation: 'solve', backend: 'wasm', from: 1 },
    ]);
    expect(worthFrom(timings('solve', { wasm: [1, 10, 100], other: [2, 5, 200] }))).toEqual([
      { operation: 'solve', backend: 'wasm', from: 1 },
    ]);
  });
  it('reckons times that were left out, and takes the fastest of several', () => {
    expect(worthFrom(timings('product', { slow: [1, undefined], middle: [5, 20], fast: [5, 10] }))).toEqual([
      { operation: 'product', backend: 'slow', from: 1 },
      { operation: 'product', backend: 'fast', from: 10 },
    ]);
    // 2·10³ is reckoned, so that the one that was tried and took longer does not win.
    expect(worthFrom(timings('product', { first: [2, undefined], tried: [3, 2500] }))).toEqual([
      { operation: 'product', backend: 'first', from: 1 },
    ]);
    expect(worthFrom(timings('product', { first: [3, 3], second: [1, 4] }))).toEqual([
      { operation: 'product', backend: 'second', from: 1 },
      { operation: 'product', backend: 'first', from: 10 },
    ]);
  });
  it('has nothing to say without times', () => {
    expect(worthFrom([])).toEqual([]);
  });
});
