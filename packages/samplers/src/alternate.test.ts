import { logExpectedImprovement } from '@foothold/acquisitions';
import { InvalidArgumentError, type Sampler, seeded, type Trial } from '@foothold/core';
import { gaussianProcess } from '@foothold/gp-models';
import { integer, searchSpace, uniform } from '@foothold/space';
import { describeSampler } from '@foothold/testing';
import { describe, expect, it } from 'vitest';
import { alternate } from './alternate.ts';
import { bayesian } from './bayesian/bayesian.ts';
import { cmaEs } from './cma-es/cma-es.ts';
import { nsga2 } from './nsga2.ts';
import { random } from './random.ts';
import { sobol } from './sobol.ts';
import { tpe } from './tpe/tpe.ts';

describeSampler('alternate', () => alternate(sobol(), tpe(), random()));

const space = searchSpace({ x: uniform(0, 1), y: uniform(0, 1), k: integer(1, 9) });
type P = ReturnType<typeof space.decode>;
const value = ({ x, y, k }: P) => (x - 0.3) ** 2 + (y - 0.6) ** 2 + ((k - 4) / 9) ** 2;

/** `count` trials one after another. */
async function history(make: () => Sampler, count: number) {
  const trials: Trial<P>[] = [];
  let sampler = make();
  for (let number = 0; number < count; number++) {
    const rng = seeded(7).fork(number);
    const [made] = await sampler.sample({ space, direction: 'minimize', trials, count: 1, rng });
    trials.push({ number, reports: [], ...made!, state: 'complete', value: value(made!.params) });
    // Every fifth trial a new process goes on.
    if (number % 5 === 4) sampler = make();
  }
  return trials;
}

const model = () =>
  bayesian({
    surrogate: gaussianProcess({ columns: space.columns }),
    acquisition: logExpectedImprovement(),
    initialTrials: 3,
  });
const own = ({ samplerState }: Trial<P>) => samplerState?.turn;

describe('alternate', () => {
  it('gives each sampler its turn, also in one request and after loaded trials', async () => {
    const trials = await history(() => alternate(model(), cmaEs()), 6);
    expect(trials.map(own)).toEqual([0, 1, 0, 1, 0, 1]);
    const loaded = { ...trials[0]!, number: 6, loaded: true, samplerState: undefined } as unknown as Trial<P>;
    const made = await alternate(model(), cmaEs()).sample({
      space,
      direction: 'minimize',
      trials: [...trials.slice(0, 5), loaded],
      count: 3,
      rng: seeded(1),
    });
    expect(made.map(({ samplerState }) => samplerState?.turn)).toEqual([1, 0, 1]);
    expect(new Set(made.map(({ params }) => JSON.stringify(params))).size).toBe(3);
  });

  it('shows each sampler the state that it gave itself, and no other', async () => {
    const seen: unknown[] = [];
    const spy = (name: string): Sampler => ({
      ...random(),
      async sample(request) {
        seen.push(request.trials.flatMap(({ samplerState }) => (samplerState ? [samplerState.of] : [])));
        return (await random().sample(request)).map((made) => ({ ...made, samplerState: { of: name } }));
      },
    });
    await history(() => alternate(spy('a'), spy('b')), 4);
    expect(seen).toEqual([[], [], ['a'], ['b']]);
  });

  it('gives each sampler in a replay the states that it gave itself, and none where the log has none', async () => {
    const seen: unknown[] = [];
    const spy = (name: string): Sampler => ({
      ...random(),
      sample(request) {
        seen.push([name, request.replayed]);
        return random().sample(request);
      },
    });
    const states = [{ turn: 0, state: { of: 'a' } }, { turn: 1, state: { of: 'b' } }, { turn: 0 }];
    const request = { space, direction: 'minimize', trials: [], count: 2, rng: seeded(1) } as const;
    await alternate(spy('a'), spy('b')).sample({ ...request, replayed: states });
    await alternate(spy('a'), spy('b')).sample({ ...request, replayed: [{ turn: 1 }] });
    await alternate(spy('a'), spy('b')).sample(request);
    expect(seen).toEqual([
      ['a', [{ of: 'a' }]],
      ['b', [{ of: 'b' }]],
      ['a', []],
      ['b', []],
      ['a', undefined],
      ['b', undefined],
    ]);
  });

  it('refuses what one of them refuses, and fewer than two', () => {
    const both = alternate(cmaEs(), nsga2());
    expect(both.supports).not.toContain('several-objectives');
    expect(() => alternate(random())).toThrow(InvalidArgumentError);
  });
});

it('a model explains itself in units of the value and in its direction', async () => {
  const trials = (await history(model, 12)).map(
    (trial) => ({ ...trial, value: 1000 + value(trial.params) }) as Trial<P>,
  );
  const [made] = await model().sample({ space, direction: 'minimize', trials, count: 1, rng: seeded(0) });
  const { acquisition, prediction, incumbent } = made!.why as unknown as {
    readonly acquisition: { readonly name: string; readonly value: number };
    readonly prediction: { readonly mean: number; readonly standardDeviation: number };
    readonly incumbent: { readonly trial: number; readonly value: number };
  };
  expect(acquisition.name).toBe('logExpectedImprovement');
  expect(Math.abs(prediction.mean - 1000 - value(made!.params))).toBeLessThan(
    4 * prediction.standardDeviation + 0.05,
  );
  expect(prediction.standardDeviation).toBeLessThan(1);
  const values = trials.map((trial) => (trial.state === 'complete' ? trial.value : Infinity));
  expect(incumbent.value).toBe(Math.min(...values));
  expect(values[incumbent.trial]).toBe(incumbent.value);
});
