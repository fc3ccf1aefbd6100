import { type Params, type SampleRequest, type Sampler, seeded, type Trial } from '@foothold/core';
import { categorical, integer, logUniform, searchSpace, spaceOf } from '@foothold/space';
import { describe, expect, it } from 'vitest';
import { grid, latinHypercube, random, sobol, tpe } from './index.ts';

const spaces = {
  continuous: searchSpace({ lr: logUniform(1e-5, 1), n: integer(1, 4), act: categorical('a', 'b') }),
  finite: searchSpace({ n: integer(1, 9), act: categorical('a', 'b', 'c') }),
  conditional: spaceOf({
    kind: { type: 'categorical', choices: ['linear', 'deep'] },
    depth: { type: 'int', low: 1, high: 9, when: { kind: ['deep'] } },
  }),
};

/** What a sampler proposes over a growing history, with or without the index of the points, and how often it looked at the trials. */
async function course(sampler: Sampler, space: SampleRequest['space'], withIndex: boolean) {
  const trials: Trial[] = [];
  const key = {};
  let looks = 0;
  const proposed: Params[] = [];
  for (let k = 0; k < 24; k++) {
    const past = [...trials];
    const request: SampleRequest = {
      direction: 'minimize',
      space,
      get trials() {
        looks++;
        return past;
      },
      count: 1,
      // Every fourth request draws what the one before drew: its first point is taken.
      rng: seeded(3).fork(k - (k % 4 === 3 ? 1 : 0)),
    };
    const from = (number: number) => past.slice(number).map(({ params }) => params);
    if (withIndex) Object.defineProperty(request, 'known', { value: { key, count: past.length, from } });
    const [{ params } = { params: {} }] = await sampler.sample(request);
    proposed.push(params);
    trials.push({ number: k, params, reports: [], state: 'complete', value: k % 5 });
  }
  return { proposed, looks };
}

describe('the index of the points that are taken', () => {
  const samplers = {
    random: random(),
    sobol: sobol(),
    grid: grid(),
    latin: latinHypercube({ size: 24 }),
    tpe: tpe(),
  };
  for (const [name, sampler] of Object.entries(samplers))
    it.each(Object.entries(spaces))(
      `changes nothing of what ${name} proposes on a %s space`,
      async (_, space) => {
        const of = space as unknown as SampleRequest['space'];
        const run = (withIndex: boolean) =>
          course(sampler, of, withIndex).then(
            ({ proposed }) => proposed,
            (error: Error) => error.name,
          );
        expect(await run(true)).toEqual(await run(false));
      },
    );

  it('lets random points be drawn without a look at the trials', async () => {
    const space = spaces.continuous as unknown as SampleRequest['space'];
    const { proposed, looks } = await course(random(), space, true);
    expect(looks).toBe(0);
    expect(new Set(proposed.map((params) => JSON.stringify(params))).size).toBe(24);
    expect((await course(random(), space, false)).proposed).toEqual(proposed);
  });
});
