import { type Params, type SearchSpace, SpaceExhaustedError, seeded, type Trial } from '@foothold/core';
import { nsga2, tpe } from '@foothold/samplers';
import { boolean, searchSpace, spaceOf } from '@foothold/space';
import { memoryStorage } from '@foothold/study';
import { describe, expect, it } from 'vitest';
import { autoSampler } from './auto-sampler.ts';
import { createStudy } from './create-study.ts';
import { minimize } from './minimize.ts';

const switches = searchSpace({
  a: boolean(),
  b: boolean(),
  c: boolean(),
  d: boolean(),
  e: boolean(),
  f: boolean(),
});
const indexOf = (params: Params) =>
  Object.values(params).reduce<number>((sum, bit) => 2 * sum + Number(bit), 0);

describe('the default sampler on finite spaces', () => {
  it('K1: 64 trials over 2^6 find the optimum wherever it is', async () => {
    for (let target = 0; target < 64; target++) {
      const objective = (params: Params) => (indexOf(params) === target ? -2 : Math.sin(indexOf(params)));
      const { value, trials } = await minimize(objective as never, switches, { trials: 64 });
      expect([target, value]).toEqual([target, -2]);
      expect(new Set(trials.map(({ params }) => indexOf(params))).size).toBe(64);
    }
  }, 300_000);

  it.each([
    [
      'whole-space',
      { p: { type: 'int', low: 0, high: 2 }, q: { type: 'categorical', choices: ['x', 'y', 'z'] } },
    ],
    [
      'trust-region',
      { p: { type: 'int', low: 1, high: 16, log: true }, q: { type: 'ordinal', choices: [1, 5] } },
    ],
    [
      'whole-space',
      {
        kind: { type: 'categorical', choices: ['none', 'some'] },
        n: { type: 'int', low: 1, high: 6, when: { kind: ['some'] } },
        m: { type: 'categorical', choices: ['u', 'v'], when: { kind: ['some'] } },
      },
    ],
  ] as const)('K1: every point comes once before the space is exhausted (%s)', async (searchScope, shape) => {
    const space = spaceOf(shape) as unknown as SearchSpace;
    const sampler = autoSampler({ searchScope });
    const trials: Trial[] = [];
    const ask = (number: number) =>
      sampler.sample({ space, direction: 'minimize', trials, count: 1, rng: seeded(number) });
    for (let number = 0; number < space.size!; number++) {
      const [made] = await ask(number);
      trials.push({ number, params: made!.params, reports: [], state: 'complete', value: Math.sin(number) });
    }
    expect(new Set(trials.map(({ params }) => JSON.stringify(params))).size).toBe(space.size);
    await expect(ask(0)).rejects.toThrow(SpaceExhaustedError);
  });

  it.each(['whole-space', 'trust-region'] as const)(
    'F1: lists no whole-number range (%s)',
    async (searchScope) => {
      for (const shape of [
        { seed: { type: 'int', low: 0, high: 4294967295 }, lr: { type: 'real', low: 0, high: 1 } },
        { n: { type: 'int', low: 0, high: 2 ** 53 - 2 } },
      ]) {
        const space = spaceOf(shape);
        const { trials } = await minimize((params) => Math.sin(Object.keys(params).length), space as never, {
          trials: 12,
          sampler: autoSampler({ searchScope }),
        });
        expect(new Set(trials.map(({ params }) => JSON.stringify(params))).size).toBe(12);
      }
    },
  );
});

describe('one ranking of trials', () => {
  it('a metric called value beside the value misleads neither NSGA-II nor TPE', async () => {
    const line = spaceOf({ x: { type: 'real', low: 0, high: 1 } }) as unknown as SearchSpace;
    for (const make of [() => nsga2({ population: 8 }), tpe]) {
      const median = async (metrics: (value: number) => Record<string, number>) => {
        const best: number[] = [];
        for (const seed of [0, 1, 2, 3, 4]) {
          const storage = memoryStorage();
          const study = await createStudy({
            space: line,
            direction: 'minimize',
            sampler: make(),
            seed,
            storage,
            name: 'a',
          });
          for (let i = 0; i < 60; i++) {
            const { number, params } = await study.ask();
            const value = ((params['x'] as number) - 0.2) ** 2;
            await study.tell(number, { state: 'complete', value, metrics: metrics(value) });
          }
          best.push((await study.best())!.value);
        }
        return best.sort((a, b) => a - b)[2];
      };
      expect(await median((value) => ({ value: -value }))).toBe(await median(() => ({})));
    }
  });
});
