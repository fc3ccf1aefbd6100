import { type Params, type Sampler, type SearchSpace, seeded, type Trial } from '@foothold/core';
import { categorical, integer, searchSpace, uniform } from '@foothold/space';
import { describeSampler, testFunctions } from '@foothold/testing';
import { describe, expect, it } from 'vitest';
import { nsga2 } from './nsga2.ts';
import { random } from './random.ts';

describeSampler('nsga2', () => nsga2({ population: 4 }));

interface Run<P extends Params> {
  readonly space: SearchSpace<P>;
  readonly evaluate: (params: P) => number;
  readonly trials: number;
  readonly loaded?: readonly Trial<P>[];
}

async function bestOf<P extends Params>(sampler: Sampler, run: Run<P>, seed: number): Promise<number> {
  const trials: Trial<P>[] = [...(run.loaded ?? [])];
  let best = Infinity;
  for (let i = 0; i < run.trials; i++) {
    const rng = seeded(seed).fork(i);
    const [made] = await sampler.sample({ space: run.space, direction: 'minimize', trials, count: 1, rng });
    const value = run.evaluate(made!.params);
    best = Math.min(best, value);
    trials.push({ number: trials.length, params: made!.params, reports: [], state: 'complete', value });
  }
  return best;
}

function problem(name: string, trials: number): Run<Record<string, number>> {
  const f = testFunctions.find((t) => t.name === name)!;
  const shape = Object.fromEntries(Array.from(f.low, (low, i) => [`x${i}`, uniform(low, f.high[i]!)]));
  const space = searchSpace(shape) as unknown as SearchSpace<Record<string, number>>;
  return { space, trials, evaluate: (params) => f.evaluate(Object.values(params)) - f.minimum };
}

const seeds = [0, 1, 2, 3, 4, 5];
async function meanBest<P extends Params>(sampler: Sampler, run: Run<P>): Promise<number> {
  const found = await Promise.all(seeds.map((seed) => bestOf(sampler, run, seed)));
  return found.reduce((s, v) => s + v, 0) / seeds.length;
}

const mixed: Run<{ readonly x: number; readonly n: number; readonly c: 'a' | 'b' | 'c' | 'd' }> = {
  space: searchSpace({ x: uniform(-1, 1), n: integer(0, 30), c: categorical('a', 'b', 'c', 'd') }),
  trials: 80,
  evaluate: ({ x, n, c }) => (x - 0.3) ** 2 + ((n - 17) / 10) ** 2 + { a: 1, b: 0.6, c: 0, d: 0.3 }[c],
};

describe('nsga2', () => {
  /** ZDT1 (Zitzler, Deb & Thiele 2000) in five dimensions: the front is f₂ = 1 − √f₁. */
  const space = searchSpace({
    a: uniform(0, 1),
    b: uniform(0, 1),
    c: uniform(0, 1),
    d: uniform(0, 1),
    e: uniform(0, 1),
  });
  const metricsOf = ({ a, b, c, d, e }: { a: number; b: number; c: number; d: number; e: number }) => {
    const g = 1 + (9 * (b + c + d + e)) / 4;
    return { first: a, second: g * (1 - Math.sqrt(a / g)) };
  };
  /** Area that the trials dominate below (1.1, 6). */
  async function area(sampler: Sampler, seed: number): Promise<number> {
    const trials: Trial<Parameters<typeof metricsOf>[0]>[] = [];
    for (let number = 0; number < 300; number++) {
      const [made] = await sampler.sample({
        space,
        direction: 'minimize',
        objectives: [
          { metric: 'first', direction: 'minimize' },
          { metric: 'second', direction: 'minimize' },
        ],
        trials,
        count: 1,
        rng: seeded(seed).fork(number),
      });
      const metrics = metricsOf(made!.params);
      trials.push({
        number,
        params: made!.params,
        reports: [],
        state: 'complete',
        value: metrics.first,
        metrics,
      });
    }
    const points = trials
      .flatMap((t) =>
        t.state === 'complete' && t.metrics ? [[t.metrics.first!, t.metrics.second!] as const] : [],
      )
      .sort((p, q) => p[0] - q[0]);
    let total = 0;
    let low = 6;
    let from = 1.1;
    for (const [x, y] of points) {
      if (y >= low) continue;
      if (low < 6) total += (x - from) * (6 - low);
      from = x;
      low = y;
    }
    return low < 6 ? total + (1.1 - from) * (6 - low) : 0;
  }

  it('dominates more than random search on ZDT1 over three seeds', async () => {
    for (const seed of [0, 1, 2])
      expect(await area(nsga2(), seed)).toBeGreaterThan(1.05 * (await area(random(), seed)));
  });

  it('beats random search with one objective, also on a mixed space', async () => {
    for (const run of [problem('branin', 150), problem('rosenbrock4', 150)])
      expect(await meanBest(nsga2(), run)).toBeLessThan(0.9 * (await meanBest(random(), run)));
    expect(await meanBest(nsga2({ population: 12 }), { ...mixed, trials: 120 })).toBeLessThan(
      await meanBest(random(), { ...mixed, trials: 120 }),
    );
  });
});
