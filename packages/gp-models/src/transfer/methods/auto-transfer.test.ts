import {
  type Column,
  type Dataset,
  matrix,
  matrixOf,
  type PriorTask,
  rowOf,
  type Surrogate,
  seeded,
} from '@foothold/core';
import { describeSurrogate } from '@foothold/testing';
import { describe, expect, it } from 'vitest';
import { gaussianProcess } from '../../models/gaussian-process.ts';
import { autoTransfer } from './auto-transfer.ts';
import { empiricalPrior } from './empirical-prior.ts';

const columns: Column[] = [
  { kind: 'continuous', name: 'a' },
  { kind: 'continuous', name: 'b' },
];
const plain = gaussianProcess({ columns });

/** Bowls whose lowest points are near each other, one family for all tasks. */
function bowl(seed: string, n: number, sign = 1): Dataset {
  const rng = seeded(seed);
  const centre = [0.6 + 0.1 * rng.next(), 0.3 + 0.1 * rng.next()];
  const x = matrix(n, 2);
  for (let i = 0; i < 2 * n; i++) x.data[i] = rng.next();
  return {
    x,
    y: Float64Array.from({ length: n }, (_, i) => {
      const [a, b] = rowOf(x, i) as unknown as [number, number];
      return -3 * sign * ((a - centre[0]!) ** 2 + (b - centre[1]!) ** 2) + 2;
    }),
  };
}
const sources = (count: number, n: number, sign = 1): PriorTask[] =>
  Array.from({ length: count }, (_, k) => ({ name: `s${k}`, data: bowl(`source ${k}`, n, sign) }));
const context = () => ({ rng: seeded(1) });
const gateOf = (why: unknown) => (why as { transfer: { gate: number } }).transfer;

for (const count of [1, 6]) {
  describeSurrogate(`autoTransfer from ${count}`, () => autoTransfer(sources(count, 20), { plain, columns }));
}

/** Mean over the tasks of the error after `n` trials. */
async function error(surrogate: Surrogate, n: number, tasks: readonly string[]): Promise<number> {
  let total = 0;
  for (const task of tasks) {
    const all = bowl(task, 60);
    const data = {
      x: matrixOf(
        Array.from({ length: n }, (_, i) => rowOf(all.x, i)),
        2,
      ),
      y: all.y.slice(0, n),
    };
    const { mean } = await (await surrogate.fit(data, context())).marginals(all.x);
    total += Math.sqrt(mean.reduce((s, m, i) => s + (m - all.y[i]!) ** 2 / 60, 0)) / tasks.length;
  }
  return total;
}

describe('autoTransfer', () => {
  it.each([
    [1, ['target', 'target 1', 'target 2', 'target 3', 'target 4', 'target 5']],
    [6, ['target']],
  ])(
    'predicts a new task of the family from three trials far better than without (%d sources)',
    async (count, tasks) => {
      const [informed, alone] = [
        await error(autoTransfer(sources(count, 30), { plain, columns }), 3, tasks),
        await error(plain, 3, tasks),
      ];
      expect(informed).toBeLessThan(0.4 * alone);
    },
  );

  it('agrees with central differences where many sources and the Matérn rest both count', async () => {
    const surrogate = empiricalPrior(sources(7, 15), { columns, sourceCovarianceFraction: 0.5 });
    const posterior = await surrogate.fit(bowl('target', 6), context());
    const { posterior: latent } = posterior.latent!;
    const at = bowl('elsewhere', 3).x;
    for (const belief of [posterior, latent]) {
      const gap = await gradientGapOf(belief, at);
      expect(gap).toBeLessThan(1e-5);
    }
  });

  it('gives weight to sources that predict the trials and not to negated ones', async () => {
    const data = bowl('target', 8);
    const right = await autoTransfer(sources(6, 25), { plain, columns }).fit(data, context());
    const wrong = await autoTransfer(sources(6, 25, -1), { plain, columns }).fit(data, context());
    expect(gateOf(right.why).gate).toBeGreaterThan(0.9);
    expect(gateOf(wrong.why).gate).toBeLessThan(gateOf(right.why).gate);
  });

  it.each([
    ['constants', (d: Dataset) => d.y.map(() => 5)],
    ['nothing finite', (d: Dataset) => d.y.map(() => Number.NaN)],
    [
      'noise',
      (_: Dataset, k: number) => {
        const rng = seeded(`noise ${k}`);
        return Float64Array.from({ length: 80 }, () => rng.next());
      },
    ],
  ])('is the plain model where the sources are %s', async (_, spoil) => {
    const useless = sources(6, 80).map((s, k) => ({ ...s, data: { ...s.data, y: spoil(s.data, k) } }));
    const data = bowl('target', 8);
    const at = bowl('elsewhere', 10).x;
    const posterior = await autoTransfer(useless, { plain, columns }).fit(data, context());
    expect((await posterior.marginals(at)).mean).toEqual(
      (await (await plain.fit(data, context())).marginals(at)).mean,
    );
    expect(gateOf(posterior.why).gate).toBe(0);
  });

  it('does not depend on the units of the sources', async () => {
    const data = bowl('target', 4);
    const at = bowl('elsewhere', 10).x;
    const rescaled = sources(6, 25).map((s) => ({
      ...s,
      data: { ...s.data, y: s.data.y.map((v) => 1000 * v - 7) },
    }));
    const belief = async (list: PriorTask[]) =>
      (await (await autoTransfer(list, { plain, columns }).fit(data, context())).marginals(at)).mean;
    const [a, b] = [await belief(sources(6, 25)), await belief(rescaled)];
    a.forEach((v, i) => {
      expect(v).toBeCloseTo(b[i]!, 6);
    });
  });

  it('refuses sources of another space', () => {
    const odd = [{ name: 'odd', data: { x: matrix(3, 5), y: new Float64Array(3) } }];
    return expect(autoTransfer(odd, { plain, columns }).fit(bowl('t', 2), context())).rejects.toThrow(/odd/);
  });
});

async function gradientGapOf(
  posterior: Awaited<ReturnType<Surrogate['fit']>>,
  at: ReturnType<typeof matrix>,
) {
  const dMean = Float64Array.of(1, -2, 0.5);
  const dVariance = Float64Array.of(0.3, 1, -1);
  const value = async (flat: Float64Array) => {
    const { mean, variance } = await posterior.marginals(
      matrix(at.rows, at.columns, Float64Array.from(flat)),
    );
    return mean.reduce((s, m, i) => s + dMean[i]! * m + dVariance[i]! * variance[i]!, 0);
  };
  const exact = (await (await posterior.marginals(at)).gradient!(dMean, dVariance)).data;
  let worst = 0;
  for (let k = 0; k < at.data.length; k++) {
    const h = 1e-5;
    const [up, down] = [Float64Array.from(at.data), Float64Array.from(at.data)];
    up[k] = up[k]! + h;
    down[k] = down[k]! - h;
    const central = ((await value(up)) - (await value(down))) / (2 * h);
    worst = Math.max(worst, Math.abs(central - exact[k]!) / (1 + Math.abs(central)));
  }
  return worst;
}

it('expects less of sources that have nothing in common than of those that agree', async () => {
  // Waves of a direction and frequency of their own: smooth each, and without a common word.
  const odd = sources(8, 70).map((s, k): PriorTask => {
    const rng = seeded(`wave ${k}`);
    const [a, b, shift] = [16 * rng.next() - 8, 16 * rng.next() - 8, 6 * rng.next()];
    const { x } = s.data;
    const y = s.data.y.map((_, i) => Math.sin(a * x.data[2 * i]! + b * x.data[2 * i + 1]! + shift));
    return { name: `wave ${k}`, data: { x, y } };
  });
  const nothing = { x: matrix(0, 2), y: new Float64Array(0) };
  const gate = async (list: PriorTask[]) =>
    gateOf((await autoTransfer(list, { plain, columns }).fit(nothing, context())).why).gate;
  // All eight agree: 2·(0 + 1)/(8 + 2) of such tasks have nothing in common with the others.
  expect(await gate(sources(8, 70))).toBeCloseTo(0.8, 12);
  expect(await gate(odd)).toBeLessThan(0.5);
});

describe('autoTransfer with probability matching', () => {
  const fitOf = (list: readonly PriorTask[], data: Dataset, seed: number) =>
    autoTransfer(list, { plain, columns, probabilityMatching: true }).fit(data, { rng: seeded(seed) });
  const shareOf = async (list: readonly PriorTask[], data: Dataset, count = 200) => {
    const surrogate = autoTransfer(list, { plain, columns, probabilityMatching: true });
    const turns = [];
    for (let seed = 0; seed < count; seed++)
      turns.push(turnOf((await surrogate.fit(data, { rng: seeded(seed) })).state));
    return turns.filter((turn) => turn === 'plain').length / count;
  };

  /** Of six sources that agree: 2·(0 + 1)/(6 + 2) less 1/(6 + 2). */
  const prior = 0.125;
  /** Waves over the bowls: some of it is like the sources. */
  const partly = (n: number, height: number) => {
    const { x, y } = bowl('target', n);
    return { x, y: y.map((v, i) => v + height * Math.sin(9 * x.data[2 * i]!)) };
  };
  const nullWeightOf = async (data: Dataset) => {
    const { why } = await autoTransfer(sources(6, 25), { plain, columns }).fit(data, context());
    const { hypotheses } = gateOf(why) as unknown as { hypotheses: Record<string, number> };
    return Object.entries(hypotheses).reduce((w, [k, v]) => (k.startsWith('no sources') ? w + v : w), 0);
  };

  it.each([
    ['as the evidence has raised the hypotheses without sources, with few rows', 4, 0.2],
    ['as these hypotheses weigh, with as many rows as it has hyperparameters', 6, 0.14],
  ])('takes the plain model as often %s', async (_, rows, height) => {
    const data = partly(rows, height);
    const now = await nullWeightOf(data);
    const share = rows < 5 ? (now - prior) / (1 - prior) : now;
    expect(share).toBeGreaterThan(0.05);
    expect(share).toBeLessThan(0.95);
    // Three standard errors of a share of 200.
    const slack = 3 * Math.sqrt((share * (1 - share)) / 200);
    expect(Math.abs((await shareOf(sources(6, 25), data)) - share)).toBeLessThan(slack);
  });

  it('never takes it before the task says anything, unless the sources count less', async () => {
    const nothing = { x: matrix(0, 2), y: new Float64Array(0) };
    expect(await shareOf(sources(6, 25), nothing, 40)).toBe(0);
    const half = sources(6, 25).map((source) => ({ ...source, weight: 0.2 }));
    expect(await shareOf(half, nothing, 40)).toBeGreaterThan(0.3);
  });

  it('is the plain model nearly always where the sources mislead, and the sources where they do not', async () => {
    expect(await shareOf(sources(6, 25, -1), bowl('target', 12), 40)).toBeGreaterThan(0.8);
    expect(await shareOf(sources(6, 25), bowl('target', 12), 40)).toBeLessThan(0.2);
  });

  it('believes what the drawn model does, and has its state for the next fit', async () => {
    const data = bowl('target', 12);
    const { x } = bowl('elsewhere', 10);
    const misled = sources(6, 25, -1);
    let seed = 0;
    while (turnOf((await fitOf(misled, data, seed)).state) !== 'plain') seed++;
    const drawn = await fitOf(misled, data, seed);
    const own = await plain.fit(data, { rng: seeded(seed) });
    expect((await drawn.marginals(x)).mean).toEqual((await own.marginals(x)).mean);
    expect(drawn.state).toMatchObject(own.state!);
    expect((await fitOf(misled, data, seed)).state).toEqual(drawn.state);
  });
});

it('draws no model where three sources are left beside one that is noise', async () => {
  const rng = seeded('noise');
  const { x } = bowl('noise', 80);
  const noise = { name: 'noise', data: { x, y: Float64Array.from({ length: 80 }, () => rng.next()) } };
  const four = [...sources(3, 80), noise];
  const data = bowl('target', 3);
  const fitOf = (probabilityMatching: boolean) =>
    autoTransfer(four, { plain, columns, probabilityMatching }).fit(data, context());
  const [drawn, mixture] = [await fitOf(true), await fitOf(false)];
  expect(gateOf(drawn.why)).toMatchObject({ ignored: ['noise'] });
  expect(turnOf(drawn.state)).toBeUndefined();
  expect((await drawn.marginals(x)).mean).toEqual((await mixture.marginals(x)).mean);
  const five = [...sources(4, 80), noise];
  const many = await autoTransfer(five, { plain, columns, probabilityMatching: true }).fit(data, context());
  expect(turnOf(many.state)).toBeDefined();
});

function turnOf(state: unknown): unknown {
  return (state as { transfer: { turn: unknown } }).transfer.turn;
}
