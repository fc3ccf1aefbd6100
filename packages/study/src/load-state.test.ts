import { InvalidArgumentError } from '@foothold/core';
import { expect, it } from 'vitest';
import { copyStudy, memoryStorage } from './index.ts';
import { open } from './study.fixture.ts';

const past = [{ params: { x: 0.5, n: 1, c: 'a' }, value: 1, samplerState: { design: 7 } }] as never;

it('keeps what a sampler kept of a loaded trial where that is wanted, also in a copy', async () => {
  const storage = memoryStorage();
  const study = open({ storage, name: 'one' });
  await study.load(past);
  await study.load(past, { samplerState: true });
  const states = (await study.trials()).map(({ samplerState }) => samplerState);
  expect(states).toEqual([undefined, { design: 7 }]);
  await copyStudy({ storage, name: 'one' }, { storage, name: 'two' });
  const copy = open({ storage, name: 'two' });
  expect((await copy.trials()).map(({ samplerState }) => samplerState)).toEqual(states);
});

it('refuses a state that JSON would not give back', async () => {
  const study = open();
  const odd = [{ params: { x: 0.5, n: 1, c: 'a' }, value: 1, samplerState: { mean: Number.NaN } }] as never;
  await expect(study.load(odd, { samplerState: true })).rejects.toBeInstanceOf(InvalidArgumentError);
  expect(await study.trials()).toEqual([]);
});
