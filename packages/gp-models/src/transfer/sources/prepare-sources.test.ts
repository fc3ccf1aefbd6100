import { matrix, type PriorTask } from '@foothold/core';
import { expect, it } from 'vitest';
import { preparedFrom, prepareSources } from './prepare-sources.ts';

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

it('has the values of the sources at the points of the prior', async () => {
  const prepared = prepareSources(tasks, { columns });
  const values = await prepared.values();
  expect(prepared.values()).toBe(prepared.values());
  expect(values?.names).toEqual(['a']);
  expect(values?.points.data).toEqual(x.data);
  // One source: its own values are the mean, and their order is that of y.
  expect(values?.mean).toEqual(values?.taskValues.data);
  const order = [...values!.mean.keys()].sort((i, j) => values!.mean[j]! - values!.mean[i]!);
  expect(x.data[order[0]!]).toBeOneOf([0.3, 0.5]);
  expect(x.data[order.at(-1)!]).toBe(0.9);
});

it('has no prior where no source has a finite row', async () => {
  const empty = { name: 'b', data: { x, y: new Float64Array(5).fill(Number.NaN) } };
  expect(await prepareSources([empty]).prior()).toBeUndefined();
  expect(await prepareSources([empty]).values()).toBeUndefined();
});
