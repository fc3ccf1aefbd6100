import {
  type Column,
  matrix,
  type Params,
  positionOf,
  rowOf,
  type SearchSpace,
  seeded,
  type Trial,
} from '@foothold/core';
import { multiFidelity } from '@foothold/gp-models';
import { standardNormal } from '@foothold/numerics';
import { integer, ordinal, searchSpace, uniform } from '@foothold/space';
import { describe, expect, it } from 'vitest';
import { affordable } from './fidelity-column.ts';
import { fidelityData } from './fidelity-data.ts';
import { expectedImprovements, knowledgeGradients } from './knowledge-gradients.ts';
import { multiFidelitySampler } from './multi-fidelity-sampler.ts';

const space = searchSpace({ x: uniform(0, 1), z: uniform(0, 1), epochs: ordinal(1, 3, 9) });
const costs = [1, 3, 9];
const levelOf = (point: Float64Array) => Math.floor(point[2]! * 3);
const value = ({ x, z, epochs }: Params) =>
  (Number(x) - 0.6) ** 2 +
  (Number(z) - 0.3) ** 2 +
  1 / Number(epochs) +
  (0.1 * Math.sin(9 * Number(x))) / Number(epochs);
const costBudgetOf = (budget: number) => (trials: readonly Trial[]) => {
  const spent = [1, 3, 9].map((e) => e * trials.filter((t) => t.params['epochs'] === e).length);
  return { costs, spent, remaining: spent.reduce((left, s) => left - s, budget) };
};
const samplerFor = (of: SearchSpace, budget = 60) =>
  multiFidelitySampler({
    surrogate: multiFidelity({ columns: of.columns, fidelityColumn: of.columns.length - 1 }),
    fidelity: 'epochs',
    costBudget: costBudgetOf(budget),
  });
const complete = (number: number, params: Params, v = value(params)): Trial => ({
  number,
  params,
  reports: [],
  state: 'complete',
  value: v,
});
const general = space as unknown as SearchSpace;
const history = (count: number): Trial[] => {
  const rng = seeded('history');
  return Array.from({ length: count }, (_, i) =>
    complete(i, { x: rng.next(), z: rng.next(), epochs: i % 4 === 3 ? 3 : i % 9 === 4 ? 9 : 1 }),
  );
};

describe('value per cost', () => {
  const columns: readonly Column[] = space.columns;
  const placed = (points: { rows: number; columns: number; data: Float64Array }, level: number) => {
    const result = matrix(points.rows, 3, points.data.slice());
    for (let i = 0; i < points.rows; i++) result.data[3 * i + 2] = positionOf(columns[2]!, level);
    return result;
  };
  const problem = async () => {
    const data = fidelityData(
      { space: general, trials: history(16), direction: 'minimize' },
      { levelOf, levels: 3 },
    );
    const fitted = await multiFidelity({ columns, fidelityColumn: 2 }).fit(data, { rng: seeded(1) });
    const { posterior } = fitted.latent!;
    const rng = seeded('points');
    const draw = (n: number) =>
      matrix(
        n,
        3,
        Float64Array.from({ length: 3 * n }, () => rng.next()),
      );
    return { posterior, targets: draw(6), candidates: draw(3), placed, levels: [0, 1, 2], last: 2, best: 0 };
  };

  it('equals a Monte Carlo estimate over the observations that may come, at every fidelity', async () => {
    const p = await problem();
    const values = await knowledgeGradients(p);
    expect(values).toHaveLength(9);
    for (const { index, level, value: gain } of values) {
      const at = placed(matrix(1, 3, rowOf(p.candidates, index)), level);
      const targets = placed(
        matrix(7, 3, Float64Array.of(...p.targets.data, ...rowOf(p.candidates, index))),
        2,
      );
      const before = Math.max(...(await p.posterior.marginals(targets)).mean);
      const { mean, variance } = await p.posterior.marginals(at);
      const standardDeviation = Math.sqrt(variance[0]! + p.posterior.noise!);
      const rng = seeded(`draws ${index} ${level}`);
      const draws = 1500;
      let [sum, squares] = [0, 0];
      for (let k = 0; k < draws; k++) {
        // Both signs of a normal draw: their errors cancel in part.
        const z = standardNormal(rng);
        let pair = 0;
        for (const sign of [1, -1]) {
          const y = Float64Array.of(mean[0]! + sign * z * standardDeviation);
          const after = await p.posterior.condition!({ x: at, y });
          pair += (Math.max(...(await after.marginals(targets)).mean) - before) / 2;
        }
        sum += pair;
        squares += pair * pair;
      }
      const estimate = sum / draws;
      const error = Math.sqrt((squares / draws - estimate ** 2) / draws);
      expect(Math.abs(gain - estimate)).toBeLessThan(4.5 * error + 1e-5);
    }
  });
  it('counts the improvement on the best observed value at the target fidelity', async () => {
    const { posterior, candidates: points } = await problem();
    const at = placed(points, 2);
    const { mean, variance } = await posterior.marginals(at);
    const gains = await expectedImprovements(posterior, at, 0.3);
    const rng = seeded('normals');
    const draws = Float64Array.from({ length: 20_000 }, () => standardNormal(rng));
    for (let i = 0; i < 3; i++) {
      const standardDeviation = Math.sqrt(variance[i]!);
      const estimate =
        draws.reduce((s, z) => s + Math.max(mean[i]! + standardDeviation * z - 0.3, 0), 0) / 20_000;
      expect(Math.abs(gains[i]! - estimate)).toBeLessThan(0.03 * standardDeviation);
    }
  });
});

describe('affordable', () => {
  it('keeps an evaluation at the target fidelity, and the cheap ones from running ahead', () => {
    expect(affordable({ costs, spent: [0, 0, 0], remaining: 60 })).toEqual([0, 1, 2]);
    expect(affordable({ costs, spent: [40, 0, 0], remaining: 11 })).toEqual([2]);
    expect(affordable({ costs, spent: [5, 0, 36], remaining: 11 })).toEqual([0, 2]);
    expect(affordable({ costs, spent: [16, 0, 0], remaining: 44 })).toEqual([0, 2]);
    expect(affordable({ costs, spent: [18, 0, 0], remaining: 42 })).toEqual([2]);
    expect(affordable({ costs, spent: [18, 0, 9], remaining: 33 })).toEqual([0, 1, 2]);
  });
});

describe('fidelityData', () => {
  it('makes a failure the worst of its own fidelity, and of the next one where that has nothing', () => {
    const failed = (number: number, epochs: number): Trial => ({
      number,
      params: { x: number / 10, z: 0, epochs },
      reports: [],
      state: 'failed',
      reason: 'out of memory',
    });
    const trials = [
      failed(0, 1),
      complete(1, { x: 0.5, z: 0, epochs: 1 }, 0),
      complete(2, { x: 0.6, z: 0, epochs: 1 }, 10),
      complete(3, { x: 0.7, z: 0, epochs: 3 }, 1000),
      failed(4, 3),
      failed(5, 9),
    ];
    const { x, y } = fidelityData({ space: general, trials, direction: 'minimize' }, { levelOf, levels: 3 });
    expect([...y]).toEqual([-11, -0, -10, -1000, -1100, -1100]);
    const first = fidelityData(
      {
        space: general,
        trials: [failed(0, 1), failed(1, 9), complete(2, { x: 0, z: 0, epochs: 3 }, 5)],
        direction: 'minimize',
      },
      { levelOf, levels: 3 },
    );
    expect([...first.y]).toEqual([-5, -5, -5]);
    const nothing = fidelityData(
      { space: general, trials: [failed(0, 1)], direction: 'minimize' },
      { levelOf, levels: 3 },
    );
    expect([...nothing.y]).toEqual([0]);
    expect(Array.from({ length: 6 }, (_, i) => x.data[3 * i]!.toFixed(1)).join()).toBe(
      '0.0,0.5,0.6,0.7,0.4,0.5',
    );
  });
});

describe('multiFidelitySampler', () => {
  const ask = (trials: readonly Trial[], more: object = {}, of: SearchSpace = general, budget = 60) =>
    samplerFor(of, budget).sample({
      space: of,
      direction: 'minimize',
      trials,
      count: 1,
      rng: seeded(7),
      ...more,
    });

  it('begins at the cheapest fidelity, and proposes the same from the same', async () => {
    const [first] = await ask([]);
    expect(first!.params['epochs']).toBe(1);
    expect(await ask(history(14))).toEqual(await ask(history(14)));
  });
  it('is after all the budget at the target fidelity', async () => {
    const [proposal] = await ask(history(12), {}, general, 35);
    expect(proposal!.params['epochs']).toBe(9);
  });
  it('keeps what is fixed, the fidelity too', async () => {
    for (const fixed of [{ epochs: 3 }, { x: 0.25 }, { x: 0.25, epochs: 9 }])
      for (const trials of [history(2), history(14)])
        expect((await ask(trials, { fixed }))[0]!.params).toMatchObject(fixed);
  });
  it('proposes several at a time, all different', async () => {
    for (const trials of [history(1), history(14)]) {
      const proposals = await ask(trials, { count: 6 });
      expect(new Set(proposals.map(({ params }) => JSON.stringify(params))).size).toBe(6);
    }
  });
  it('evaluates a point again at another fidelity, and ends when all points of the target are taken', async () => {
    const small = searchSpace({ k: integer(1, 2), epochs: ordinal(1, 3, 9) }) as unknown as SearchSpace;
    const trials: Trial[] = [];
    const next = async () => (await ask(trials, { rng: seeded(trials.length) }, small, 1000))[0]!;
    while (trials.filter(({ params }) => params['epochs'] === 9).length < 2) {
      const { params } = await next();
      trials.push(complete(trials.length, params, Number(params['k'])));
      expect(trials.length).toBeLessThanOrEqual(6);
    }
    expect(new Set(trials.map(({ params }) => JSON.stringify(params))).size).toBe(trials.length);
    const ended = (async () => {
      for (;;) trials.push(complete(trials.length, (await next()).params, 1));
    })();
    await expect(ended).rejects.toThrow('all 2 points');
  });
  it('leaves every second trial of the target fidelity to the target sampler where there is one', async () => {
    const seen: unknown[] = [];
    const sampler = multiFidelitySampler({
      surrogate: multiFidelity({ columns: space.columns, fidelityColumn: 2 }),
      fidelity: 'epochs',
      costBudget: costBudgetOf(35),
      targetSampler: {
        name: 'middle',
        sample: ({ space: of, fixed, trials }) => {
          seen.push(fixed, trials.length);
          const params = of.decode(Float64Array.of(0.5, 0.5, 1));
          return [{ params, why: { stage: 'own' } }];
        },
      },
    });
    const request = { space: general, direction: 'minimize', count: 1, rng: seeded(7) } as const;
    // One trial at the target fidelity: the second one is the other sampler's.
    const [proposal] = await sampler.sample({ ...request, trials: history(12) });
    expect(proposal!.params).toEqual({ x: 0.5, z: 0.5, epochs: 9 });
    expect(proposal!.why).toMatchObject({ fidelities: { chosen: 9 }, targetSampler: { stage: 'own' } });
    expect(seen).toEqual([{ epochs: 9 }, 12]);
    expect((await sampler.sample({ ...request, trials: [] }))[0]!.params['epochs']).toBe(1);
    const two = [...history(12), complete(12, { x: 0.1, z: 0.2, epochs: 9 })];
    expect((await sampler.sample({ ...request, trials: two }))[0]!.params).not.toEqual(proposal!.params);
    expect(seen).toHaveLength(2);
  });
  it('names a fidelity that the space does not have', async () => {
    const sampler = multiFidelitySampler({
      surrogate: multiFidelity({ columns: space.columns, fidelityColumn: 2 }),
      fidelity: 'x',
      costBudget: costBudgetOf(9),
    });
    await expect(
      (async () =>
        sampler.sample({ space: general, direction: 'minimize', trials: [], count: 1, rng: seeded(0) }))(),
    ).rejects.toThrow('fidelity is "x"');
  });
  it.each([0, 2.5, Number.NaN, Infinity])('refuses a design of %s trials', (initialTrials) => {
    expect(() =>
      multiFidelitySampler({
        surrogate: multiFidelity({ columns: space.columns, fidelityColumn: 2 }),
        fidelity: 'epochs',
        costBudget: costBudgetOf(9),
        initialTrials,
      }),
    ).toThrow(`initialTrials is ${initialTrials}, allowed is a whole number from 1`);
  });
});
