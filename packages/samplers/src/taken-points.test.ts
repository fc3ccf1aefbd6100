import { type Params, type SampleRequest, type Sampler, seeded, type Trial } from '@foothold/core';
import {
  categorical,
  integer,
  logUniform,
  type ParameterSpace,
  searchSpace,
  spaceOf,
  uniform,
} from '@foothold/space';
import { createStudy, memoryStorage, studyRecord } from '@foothold/study';
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

describe('the index of the points that are taken, in a study that is edited again and again', () => {
  const samplers = { random: random(), sobol: sobol(), grid: grid(), latin: latinHypercube(), tpe: tpe() };
  const domain = (of: object) => searchSpace(of as never) as unknown as ParameterSpace;
  const [n, c] = [integer(1, 20), categorical('a', 'b')];
  const steps: readonly { readonly space: ParameterSpace; readonly values?: Params }[] = [
    { space: domain({ n, c }) },
    { space: domain({ n: integer(4, 15), c }) },
    { space: domain({ n: integer(4, 15), c, m: integer(0, 3) }), values: { m: 2 } },
    { space: domain({ n: integer(2, 9), m: integer(0, 3) }) },
    { space: domain({ n: integer(2, 9), m: integer(0, 3), x: uniform(0, 1) }), values: { x: 0.5 } },
  ];

  /** What a study proposes while it is edited, and how often the sampler looked at the trials at each step. */
  async function edited(sampler: Sampler, withIndex: boolean) {
    const storage = memoryStorage() as never;
    const looks: number[] = [];
    const proposed: Params[] = [];
    for (const [step, { space, values }] of steps.entries()) {
      if (step > 0) await studyRecord(storage, 'study').edit({ space: space.description, values });
      looks.push(0);
      const counted: Sampler = {
        ...sampler,
        sample(request) {
          if (!withIndex) return sampler.sample({ ...request }); // a copy goes without `known`
          const own = Object.getOwnPropertyDescriptor(request, 'trials')!;
          const get = () => {
            looks[step]!++;
            return own.get!.call(request);
          };
          return sampler.sample(Object.defineProperty(request, 'trials', { ...own, get }));
        },
      };
      const study = createStudy<Params>({ space, storage, sampler: counted, direction: 'minimize', seed: 2 });
      for (let k = 0; k < 9; k++) {
        const { number, params } = await study.ask();
        proposed.push(params);
        if (k === 2) continue; // still runs
        if (k === 3) await study.tell(number, { state: 'failed', reason: 'diverged' });
        else await study.tell(number, { state: 'complete', value: k });
      }
    }
    return { proposed, looks };
  }

  it.each(Object.entries(samplers))('changes nothing of what %s proposes', async (_, sampler) => {
    const { proposed } = await edited(sampler, true);
    expect(proposed).toEqual((await edited(sampler, false)).proposed);
  });

  it('lets random points be drawn without a look at the trials', async () => {
    expect((await edited(random(), true)).looks).toEqual([0, 0, 0, 0, 0]);
  });
});
