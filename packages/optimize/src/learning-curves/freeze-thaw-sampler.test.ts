import { type Params, type Sampler, type SearchSpace, seeded, type Trial } from '@foothold/core';
import { cpu } from '@foothold/linalg';
import { logUniform, ordinal, searchSpace, uniform } from '@foothold/space';
import { describe, expect, it } from 'vitest';
import { freezeThawSampler } from './freeze-thaw-sampler.ts';

const space = searchSpace({
  rate: logUniform(1e-4, 1),
  dropout: uniform(0, 1),
  epochs: ordinal(5, 15, 52),
}) as unknown as SearchSpace;
const errorOf = ({ rate, dropout, epochs }: Params) =>
  0.1 * (Math.log10(Number(rate)) + 2) ** 2 + (Number(dropout) - 0.3) ** 2 + 1 / Number(epochs);
const open = () => freezeThawSampler({ fidelity: { name: 'epochs', max: 52 }, linalg: cpu });

/** The trials of a study whose sampler is what `samplerAt` gives for each ask. */
async function run(asks: number, samplerAt: () => Sampler): Promise<Trial[]> {
  const trials: Trial[] = [];
  for (let number = 0; number < asks; number++) {
    const [proposal] = await samplerAt().sample({
      ...{ space, direction: 'minimize', trials, count: 1, rng: seeded(5).fork(number) },
    });
    const { params, samplerState } = proposal!;
    const told = { number, params, reports: [], state: 'complete', value: errorOf(params) } as const;
    trials.push({ ...told, ...(samplerState && { samplerState }) });
  }
  return trials;
}

describe('freezeThawSampler', () => {
  it('finds good ends, and does the same where every ask opens the study again', async () => {
    const kept = open();
    const trials = await run(24, () => kept);
    expect(await run(24, open)).toEqual(trials);
    const ends = trials.filter(({ params }) => params['epochs'] === 52);
    expect(ends.length).toBeGreaterThan(1);
    expect(Math.min(...ends.map(({ params }) => errorOf(params)))).toBeLessThan(0.1);
  });
  it('names a fidelity that the space does not have', async () => {
    const sampler = freezeThawSampler({ fidelity: { name: 'steps', max: 52 }, linalg: cpu });
    await expect(run(1, () => sampler)).rejects.toThrow('fidelity is "steps"');
  });
});
