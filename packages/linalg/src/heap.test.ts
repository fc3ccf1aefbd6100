import { UnsupportedError } from '@foothold/core';
import { expect, it } from 'vitest';
import { heapOf } from './heap.ts';

it('hands out regions that never overlap and reuses what was given back', () => {
  const heap = heapOf(new WebAssembly.Memory({ initial: 1 }), 100);
  const a = heap.take(100);
  const b = heap.take(1);
  const c = heap.take(200_000);
  expect([a, b, c].map((at) => at % 64)).toEqual([0, 0, 0]);
  expect(a).toBeGreaterThanOrEqual(100);
  expect(b - a).toBeGreaterThanOrEqual(100);
  expect(c - b).toBeGreaterThanOrEqual(1);
  expect(heap.size()).toBeGreaterThanOrEqual(c + 200_000);
  expect(heap.numbers()).toHaveLength(heap.size() / 8);
  heap.release(a);
  expect(heap.take(128)).toBe(a);
  heap.release(a);
  expect(heap.take(129)).toBeGreaterThan(c);
});

it('says so when the memory cannot grow, and stays usable', () => {
  const heap = heapOf(new WebAssembly.Memory({ initial: 1, maximum: 2 }), 0);
  expect(() => heap.take(3 * 65_536)).toThrow(UnsupportedError);
  expect(heap.take(100)).toBe(0);
});
