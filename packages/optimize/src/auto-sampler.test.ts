import { logExpectedImprovement } from '@foothold/acquisitions';
import { seeded, type Trial } from '@foothold/core';
import { searchSpace, uniform } from '@foothold/space';
import { describe, expect, it } from 'vitest';
import { type AutoSamplerOptions, autoSampler } from './auto-sampler.ts';

it.each(['foo', '', 'whole space', 0, null, {}, ['trust-region']])(
  'refuses %j as search scope at once, and names those that there are',
  (searchScope) => {
    expect(() => autoSampler({ searchScope } as unknown as AutoSamplerOptions)).toThrow(
      /searchScope is .*allowed is one of whole-space, trust-region/,
    );
  },
);

describe('with several objectives', () => {
  const space = searchSpace({ a: uniform(0, 1), b: uniform(0, 1) });
  const objectives = [
    { metric: 'value', direction: 'minimize' },
    { metric: 'gain', direction: 'maximize' },
  ] as const;
  const history = (n: number): readonly Trial<ReturnType<typeof space.decode>>[] => {
    const rng = seeded(1);
    return Array.from({ length: n }, (_, number) => {
      const params = { a: rng.next(), b: rng.next() };
      const metrics = { gain: params.a - params.b ** 2 };
      return { number, params, reports: [], state: 'complete', value: params.a + params.b, metrics };
    });
  };
  const ask = async (n: number, options: AutoSamplerOptions = {}) => {
    const request = { space, direction: 'minimize', objectives, trials: history(n), count: 1 } as const;
    return (await autoSampler(options).sample({ ...request, rng: seeded(0) }))[0]!;
  };

  it('takes expected hypervolume improvement, unless an acquisition is given', async () => {
    const { why, samplerState } = await ask(12);
    expect(why).toMatchObject({
      ...{ sampler: 'bayesian', acquisition: { name: 'logExpectedHypervolumeImprovement' } },
      prediction: { objectives: { value: {}, gain: {} } },
    });
    expect(Object.keys(samplerState!['objectives'] as object)).toEqual(['value', 'gain']);
    expect((await ask(12, { acquisition: logExpectedImprovement() })).why).toMatchObject({
      acquisition: { name: 'logExpectedImprovement' },
    });
  });

  it('with more than 20 columns models each objective or takes a trust region, drawn at random, the same for the same stream', async () => {
    const names = Array.from({ length: 24 }, (_, i) => `x${i}`);
    const wide = searchSpace(Object.fromEntries(names.map((name) => [name, uniform(0, 1)])));
    const rng = seeded(1);
    const trials = Array.from({ length: 60 }, (_, number): Trial => {
      const params = Object.fromEntries(names.map((name) => [name, rng.next()]));
      const [value, gain] = [params['x0']! + params['x1']!, params['x2']! - params['x0']!];
      return { number, params, reports: [], state: 'complete', value, metrics: { gain } };
    });
    const request = { space: wide, direction: 'minimize', objectives, trials, count: 1 } as const;
    const asked = async (seed: number) =>
      (await autoSampler().sample({ ...request, rng: seeded(seed) } as never))[0]!;
    const all = await Promise.all([0, 1, 2, 3, 4, 5].map(asked));
    const kinds = all.map(({ why }) => (why!['acquisition'] as { readonly name: string }).name);
    expect(new Set(kinds)).toEqual(new Set(['logExpectedHypervolumeImprovement', 'logExpectedImprovement']));
    for (const [i, { why }] of all.entries())
      expect(why!['reason']).toMatch(
        kinds[i] === 'logExpectedImprovement'
          ? /drawn at random, the other is the whole space/
          : /drawn at random, the other is a trust region/,
      );
    expect((await asked(3)).params).toEqual(all[3]!.params);
  });

  it('takes NSGA-II where the model would leave out trials', async () => {
    expect((await ask(1201)).why).toMatchObject({
      sampler: 'nsga2',
      reason: expect.stringContaining('1200 trials'),
    });
  });
});
