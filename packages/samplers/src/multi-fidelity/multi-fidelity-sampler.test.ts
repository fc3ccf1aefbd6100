import {
  logMultiFidelityKnowledgeGradient,
  qLogExpectedImprovement,
  upperConfidenceBound,
} from '@foothold/acquisitions';
import {
  type Acquisition,
  type AcquisitionBelief,
  type Column,
  concatMatrixRows,
  type JointUtility,
  type Matrix,
  matrix,
  matrixOf,
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
import { scoreOf } from '../bayesian/score.ts';
import { affordable } from './fidelity-column.ts';
import { fidelityData } from './fidelity-data.ts';
import { multiFidelitySampler } from './multi-fidelity-sampler.ts';

const space = searchSpace({ x: uniform(0, 1), z: uniform(0, 1), epochs: ordinal(1, 3, 9) });
const costs = [1, 3, 9];
const acquisition = logMultiFidelityKnowledgeGradient();
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
    acquisition,
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

describe('logMultiFidelityKnowledgeGradient, of several fidelities', () => {
  const columns: readonly Column[] = space.columns;
  const placed = (points: Matrix, level: number) => {
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
    const { posterior, data: rows } = fitted.latent!;
    const rng = seeded('points');
    const draw = (n: number) =>
      matrix(
        n,
        3,
        Float64Array.from({ length: 3 * n }, () => rng.next()),
      );
    const utility = (await acquisition.prepare({
      posterior,
      data: rows,
      rng: seeded(2),
      candidates: placed(draw(40), 2),
      projectToTargetFidelity: (x) => placed(x, 2),
    })) as JointUtility;
    const best = Math.max(...rows.y.filter((_, i) => levelOf(rowOf(rows.x, i)) === 2));
    return { posterior, utility, best, candidates: draw(3) };
  };
  const meanAndError = (draws: number, draw: (i: number) => number) => {
    let [sum, squares] = [0, 0];
    for (let i = 0; i < draws; i++) {
      const value = draw(i);
      sum += value;
      squares += value * value;
    }
    const mean = sum / draws;
    return { mean, error: Math.sqrt((squares / draws - mean ** 2) / draws) };
  };

  it('equals Monte Carlo estimates over the observations that may come, at every fidelity', async () => {
    const { posterior, utility, best, candidates } = await problem();
    expect(utility.beside.rows).toBe(32);
    const score = scoreOf([{ posterior, utility }], columns);
    for (const level of [0, 1, 2]) {
      const points = placed(candidates, level);
      const { value } = await score(points);
      for (let c = 0; c < 3; c++) {
        const at = matrixOf([rowOf(points, c)]);
        const targets = concatMatrixRows(utility.beside, placed(at, 2));
        const before = Math.max(...(await posterior.marginals(targets)).mean);
        const { mean, variance } = await posterior.marginals(at);
        const standardDeviation = Math.sqrt(variance[0]! + posterior.noise!);
        const rng = seeded(`draws ${c} ${level}`);
        const gains: number[] = [];
        for (let k = 0; k < 1500; k++) {
          // Both signs of a normal draw: their errors cancel in part.
          const z = standardNormal(rng);
          let pair = 0;
          for (const sign of [1, -1]) {
            const y = Float64Array.of(mean[0]! + sign * z * standardDeviation);
            const after = await posterior.condition!({ x: at, y });
            pair += (Math.max(...(await after.marginals(targets)).mean) - before) / 2;
          }
          gains.push(pair);
        }
        const learned = meanAndError(gains.length, (i) => gains[i]!);
        // At the target fidelity the improvement on the best value observed there counts where it is larger.
        const gained = meanAndError(level === 2 ? 200_000 : 1, () =>
          level === 2 ? Math.max(mean[0]! + Math.sqrt(variance[0]!) * standardNormal(rng) - best, 0) : 0,
        );
        const larger = learned.mean > gained.mean ? learned : gained;
        expect(Math.abs(Math.exp(value[c]!) - larger.mean)).toBeLessThan(4.5 * larger.error + 1e-5);
      }
    }
  });
  it('is that of the candidate alone, in whatever company it is valued', async () => {
    const { posterior, utility, candidates } = await problem();
    const all = [0, 1, 2].map((level) => placed(candidates, level)).reduce(concatMatrixRows);
    const together = await scoreOf([{ posterior, utility }], columns)(all, { gradient: false });
    const alone = await scoreOf([{ posterior, utility }], columns, { batch: 1 })(all, { gradient: false });
    together.value.forEach((v, i) => {
      expect(v).toBeCloseTo(alone.value[i]!, 8);
    });
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
    const { x, y, isPenalty } = fidelityData(
      { space: general, trials, direction: 'minimize' },
      { levelOf, levels: 3 },
    );
    expect(isPenalty).toEqual([true, false, false, false, true, true]);
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
      acquisition,
      fidelity: 'epochs',
      costBudget: costBudgetOf(35),
      targetSampler: {
        name: 'middle',
        sample: ({ space: of, fixed, trials, replayed }) => {
          seen.push(fixed, trials.length, replayed);
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
    // Those were of the candidate that it replaces.
    for (const name of ['prediction', 'acquisition']) expect(Object.keys(proposal!.why!)).not.toContain(name);
    expect(seen).toEqual([{ epochs: 9 }, 12, undefined]);
    // A replay gives it the states that it gave itself.
    const replayed = [{ model: 1, targetSampler: { of: 'own' } }];
    await sampler.sample({ ...request, trials: history(12), replayed });
    expect(seen.at(-1)).toEqual([{ of: 'own' }]);
    expect((await sampler.sample({ ...request, trials: [] }))[0]!.params['epochs']).toBe(1);
    const two = [...history(12), complete(12, { x: 0.1, z: 0.2, epochs: 9 })];
    expect((await sampler.sample({ ...request, trials: two }))[0]!.params).not.toEqual(proposal!.params);
    expect(seen).toHaveLength(6);
  });
  it.each<[string, Acquisition]>([
    ['a formula of marginals that is no logarithm', upperConfidenceBound()],
    ['one that looks at running trials itself', qLogExpectedImprovement({ samples: 64 })],
  ])('takes another acquisition: %s', async (_, other) => {
    const seen: AcquisitionBelief[] = [];
    const sampler = multiFidelitySampler({
      surrogate: multiFidelity({ columns: space.columns, fidelityColumn: 2 }),
      acquisition: {
        ...other,
        prepare(belief) {
          seen.push(belief);
          return other.prepare(belief);
        },
      },
      fidelity: 'epochs',
      costBudget: costBudgetOf(60),
    });
    const running: Trial = {
      number: 14,
      params: { x: 0.2, z: 0.9, epochs: 1 },
      reports: [],
      state: 'running',
    };
    const made = await sampler.sample({
      space: general,
      direction: 'minimize',
      trials: [...history(14), running],
      count: 2,
      rng: seeded(7),
    });
    expect(new Set(made.map(({ params }) => JSON.stringify(params))).size).toBe(2);
    expect(made[0]!.why).toMatchObject({ acquisition: { name: other.name } });
    // The belief is conditioned on running trials only where the acquisition does not look at them.
    expect(seen.map(({ pending }) => pending!.rows)).toEqual([1, 2]);
    expect(seen.map(({ data }) => data.y.length)).toEqual(other.handlesPending ? [14, 14] : [15, 16]);
    const { candidates, projectToTargetFidelity: project, domain } = seen[0]!;
    expect(project!(candidates!)).toEqual(candidates);
    expect(domain!.columns).toEqual(space.columns);
  });
  it('names a fidelity that the space does not have', async () => {
    const sampler = multiFidelitySampler({
      surrogate: multiFidelity({ columns: space.columns, fidelityColumn: 2 }),
      acquisition,
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
        acquisition,
        fidelity: 'epochs',
        costBudget: costBudgetOf(9),
        initialTrials,
      }),
    ).toThrow(`initialTrials is ${initialTrials}, allowed is a whole number from 1`);
  });
});
