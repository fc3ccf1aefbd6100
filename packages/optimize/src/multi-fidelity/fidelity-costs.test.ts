import { type Params, seeded, type Trial } from '@foothold/core';
import { random } from '@foothold/samplers';
import { ordinal, searchSpace, uniform } from '@foothold/space';
import { createStudy, memoryStorage, studyRecord } from '@foothold/study';
import { describe, expect, it } from 'vitest';
import { type FidelityCostOptions, fidelityCosts, runningCosts } from './fidelity-costs.ts';

const fidelities = [1, 3, 9];
const space = searchSpace({ x: uniform(0, 1), k: ordinal(1, 3, 9) });
const options = (given: readonly number[] | undefined): FidelityCostOptions => ({
  ...{ fidelities, given, budget: 300 },
  levelOf: ({ params }) => fidelities.indexOf(Number(params['k'])),
});

describe('the costs of a study as it goes on', () => {
  it.each([
    ['given', [0.1, 0.7, 2.3]],
    ['measured', undefined],
  ])('are those of all its trials, after whatever came: %s', async (_, given) => {
    for (let seed = 0; seed < 5; seed++) {
      const rng = seeded(seed);
      const storage = memoryStorage();
      const study = createStudy({ space, sampler: random(), storage, direction: 'minimize', seed });
      const outcome = () =>
        rng.next() < 0.3
          ? ({ state: 'failed', reason: 'diverged' } as const)
          : {
              ...{ state: 'complete' as const, value: rng.next() },
              ...(rng.next() < 0.7 && { metrics: { seconds: 10 * rng.next() } }),
            };
      await study.load([{ params: { x: 0.5, k: 3 }, ...outcome() }]);
      const now = runningCosts(study, options(given));
      for (let step = 0; step < 60; step++) {
        const draw = rng.next();
        const running = await study.running();
        const one = running[Math.floor(rng.next() * running.length)];
        if (draw < 0.5 || !one) await study.ask();
        else if (draw < 0.85) await study.tell(one.number, outcome());
        else if (draw < 0.95) await study.load([{ params: { x: rng.next(), k: 9 }, ...outcome() }]);
        else await studyRecord(storage, 'study').reopenFailed();
        if (step % 3 === 0) continue;
        const [twice, found] = await Promise.all([now(), now()]);
        expect(found).toEqual(twice);
        const { costs, spent, remaining } = fidelityCosts(
          (await study.trials()) as readonly Trial<Params>[],
          options(given),
        );
        const close = (values: readonly number[]) => values.map((value) => expect.closeTo(value, 9));
        expect(found).toEqual({
          costs: close(costs),
          spent: close(spent),
          remaining: expect.closeTo(remaining, 9),
        });
      }
    }
  });

  it('look at each trial that ended once, and at no list of all trials', async () => {
    const study = createStudy({ space, sampler: random(), direction: 'minimize' });
    let seen = 0;
    const now = runningCosts(
      {
        running: () => study.running(),
        ended: async (from) => {
          const ended = await study.ended(from);
          seen += ended.length;
          return ended;
        },
      },
      options([1, 3, 9]),
    );
    for (let k = 0; k < 200; k++) {
      const { number } = await study.ask();
      await now();
      await study.tell(number, { state: 'complete', value: k });
      await now();
    }
    expect(seen).toBe(200);
  });
});
