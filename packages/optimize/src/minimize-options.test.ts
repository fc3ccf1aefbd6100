import { upperConfidenceBound } from '@foothold/acquisitions';
import { InvalidArgumentError } from '@foothold/core';
import { random } from '@foothold/samplers';
import { categorical, type ParamsOf, searchSpace, uniform } from '@foothold/space';
import { medianPruner, memoryStorage, noImprovement } from '@foothold/study';
import { describe, expect, expectTypeOf, it } from 'vitest';
import { createStudy } from './create-study.ts';
import { maximize, minimize } from './minimize.ts';

const space = searchSpace({ x: uniform(0, 1), y: uniform(0, 1) });
type P = ParamsOf<typeof space>;

describe('minimize takes what a study and optimize take', () => {
  it('constraints: the answer keeps them', async () => {
    const { params, best } = await minimize(
      ({ x, y }) => ({ value: x + y, metrics: { memory: 1 - x } }),
      space,
      { trials: 20, constraints: [{ metric: 'memory', atMost: 0.5 }] },
    );
    expect(params.x).toBeGreaterThanOrEqual(0.5);
    expect(best.metrics!['memory']).toBeLessThanOrEqual(0.5);
  });
  it('objectives: study.pareto() has the front, the answer is best by the first', async () => {
    const { value, study } = await minimize(({ x }) => ({ value: x, metrics: { cost: 1 - x } }), space, {
      trials: 15,
      objectives: [
        { metric: 'value', direction: 'minimize' },
        { metric: 'cost', direction: 'minimize' },
      ],
    });
    const front = await study.pareto();
    expect(front.length).toBeGreaterThan(3);
    expect(value).toBe(Math.min(...front.map((t) => t.value)));
    const against = maximize(() => 1, space, { objectives: [{ metric: 'value', direction: 'minimize' }] });
    await expect(against).rejects.toThrow('direction is "maximize"');
  });
  it('cost: the metric is required, and cheap settings are evaluated more often', async () => {
    const spent = async (cost: string | undefined) => {
      const { trials } = await minimize(
        ({ x, y }) => ({ value: (y - 0.4) ** 2, metrics: { seconds: 1 + 99 * x } }),
        space,
        { trials: 20, seed: 3, cost },
      );
      return trials.reduce((sum, t) => sum + (t.state === 'complete' ? t.metrics!['seconds']! : 0), 0);
    };
    expect(await spent('seconds')).toBeLessThan(await spent(undefined));
    await expect(minimize(() => 1, space, { trials: 2, cost: 'seconds' })).rejects.toThrow('seconds');
  });
  it('pruner: report stops a trial that is worse than the others', async () => {
    const { trials } = await minimize(
      async ({ x }, { report }) => {
        for (let step = 0; step < 5; step++) await report(step, x + step);
        return x;
      },
      space,
      { trials: 20, sampler: random(), pruner: medianPruner() },
    );
    const pruned = trials.filter((t) => t.state === 'pruned');
    expect(pruned.length).toBeGreaterThan(2);
    expect(trials.filter((t) => t.state === 'complete').length).toBeGreaterThan(2);
  });
  it('stop: the rule ends the search before all trials are used', async () => {
    const { trials, stopped, reason } = await minimize(() => 1, space, {
      trials: 40,
      stop: noImprovement({ trials: 5 }),
    });
    expect(trials.length).toBeLessThan(12);
    expect([stopped, reason]).toEqual(['no-improvement', '5 trials after trial 0 were not better than it']);
  });
  it('acquisition and initialTrials: they reach the default sampler', async () => {
    const f = ({ x, y }: P) => (x - 0.3) ** 2 + (y - 0.6) ** 2;
    const run = async (options: object) =>
      (await minimize(f, space, { trials: 12, ...options })).trials.map((t) => t.params);
    expect(await run({ acquisition: upperConfidenceBound() })).not.toEqual(await run({}));
    const { trials } = await minimize(f, space, { trials: 5, initialTrials: 3 });
    const stages = trials.map((t) => t.why!['stage'] === 'model');
    expect(stages).toEqual([false, false, false, true, true]);
    for (const wrong of [{ acquisition: upperConfidenceBound() }, { initialTrials: 3 }])
      await expect(minimize(f, space, { sampler: random(), ...wrong })).rejects.toThrow(InvalidArgumentError);
  });
  it('failures: throw ends the search with the error of the objective', async () => {
    const broken = () => {
      throw new RangeError('no disk');
    };
    await expect(minimize(broken, space, { trials: 9, failures: 'throw' })).rejects.toThrow(RangeError);
  });
  it('clock and lease: a trial whose worker is gone is evaluated again', async () => {
    let now = 0;
    const storage = memoryStorage();
    const options = { storage, clock: () => now, sampler: random() };
    const other = createStudy({
      ...options,
      ...{ space, direction: 'minimize', lease: { owner: 'other', ms: 1000, alive: () => undefined } },
    });
    await other.ask();
    now = 2000;
    const lease = { owner: 'own', ms: 1000, alive: () => undefined };
    const { trials } = await minimize(({ x }) => x, space, { ...options, trials: 3, lease });
    expect(trials.map((t) => t.state)).toEqual(['complete', 'complete', 'complete']);
  });
  it('repeat: the same parameters may be evaluated again', async () => {
    const two = searchSpace({ c: categorical('a', 'b') });
    const { trials } = await minimize(() => 1, two, { trials: 6, repeat: true });
    expect(trials).toHaveLength(6);
  });
});

describe('types of minimize', () => {
  it('infers the objective from the space, inline and declared before', async () => {
    const declared = ({ x, y }: ParamsOf<typeof space>) => x + y;
    const { params } = await minimize(declared, space, { trials: 2 });
    expectTypeOf(params).toEqualTypeOf<{ readonly x: number; readonly y: number }>();
    await minimize(
      (p) => {
        expectTypeOf(p).toEqualTypeOf<{ readonly x: number; readonly y: number }>();
        return p.x;
      },
      space,
      { trials: 2, onTrial: (t) => void expectTypeOf(t.params.x).toEqualTypeOf<number>() },
    );
  });
  it('does not compile with a misspelt parameter, anywhere', async () => {
    const wrong = [
      // @ts-expect-error the parameters are x and y
      minimize((p) => p.z ?? 1, space, { trials: 1 }),
      // @ts-expect-error the parameters are x and y
      minimize(({ xx }) => xx ?? 1, space, { trials: 1 }),
      // @ts-expect-error the parameters are x and y
      minimize(({ x }) => x, space, { trials: 1, enqueue: [{ z: 1 }] }).catch(() => undefined),
      // @ts-expect-error the option is trials
      minimize(({ x }) => x, space, { trial: 1, timeout: 1 }).catch(() => undefined),
    ];
    const { best } = await minimize(({ x }) => x, space, { trials: 2 });
    // @ts-expect-error the parameters are x and y
    expect(best.params.z).toBeUndefined();
    await Promise.all(wrong);
  });

  it('names the trial that comes closest where none keeps the constraints', async () => {
    const run = minimize(({ x, y }) => ({ value: x + y, metrics: { memory: 1 + x } }), space, {
      ...{ trials: 3, sampler: random(), enqueue: [{ x: 0, y: 0.5 }] },
      constraints: [{ metric: 'memory', atMost: 0.5 }],
    });
    await expect(run).rejects.toBeInstanceOf(InvalidArgumentError);
    await expect(run).rejects.toThrow(
      'none of 3 does, and trial 0 comes closest with memory 1, value 0.5 at {"x":0,"y":0.5}',
    );
  });

  it.each([
    [{ transfer: {} }, 'transfer is {}, allowed is a list of earlier studies'],
    [{ transfer: [null] }, 'transfer[0] is null, allowed is a study, or an object with trials'],
    [{ transfer: [{ trials: 'x' }] }, 'transfer[0] is {"trials":"x"}, allowed is a study'],
    [
      { transfer: [{ trials: [{ value: 3 }] }] },
      'transfer[0].trials[0] is {"value":3}, allowed is an object with params',
    ],
    [
      { transfer: [{ trials: [], direction: 'max' }] },
      'direction of source source 1 is "max", allowed is minimize or maximize',
    ],
    [{ acquisition: 'ei' }, 'acquisition is "ei", allowed is an object with the function prepare'],
    [{ pruner: 'asha' }, 'pruner is "asha", allowed is an object with the function prune'],
    [{ sampler: 'tpe' }, 'sampler is "tpe", allowed is an object with the function sample'],
  ])('names what is no option in %j before anything is evaluated', async (wrong, message) => {
    let evaluated = 0;
    const run = minimize(() => evaluated++, space, { trials: 2, ...(wrong as object) });
    await expect(run).rejects.toThrow(message);
    await expect(run).rejects.toBeInstanceOf(InvalidArgumentError);
    expect(evaluated).toBe(0);
  });
});
