import { matrix } from '@foothold/core';
import { expect, it } from 'vitest';
import { preparedFrom, prepareSources } from './prepare-sources.ts';
import type { PriorTask } from './prior-task.ts';

const x = matrix(5, 1, Float64Array.of(0.1, 0.3, 0.5, 0.7, 0.9));
const tasks: PriorTask[] = [{ name: 'a', data: { x, y: x.data.map((u) => -((u - 0.4) ** 2)) } }];
const columns = [{ kind: 'continuous', name: 'u' }] as const;

it('prepares sources once, at the first use, and others again', async () => {
  const prepared = prepareSources(tasks, { columns });
  const first = prepared.prior();
  expect(prepared.prior()).toBe(first);
  expect(preparedFrom(prepared, {})).toBe(prepared);
  expect(preparedFrom(tasks, { columns }).prior()).not.toBe(first);
  expect((await first)?.names).toEqual(['a']);
});

it('has no prior where no source has a finite row', async () => {
  const empty = { name: 'b', data: { x, y: new Float64Array(5).fill(Number.NaN) } };
  expect(await prepareSources([empty]).prior()).toBeUndefined();
});
