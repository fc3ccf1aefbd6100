import {
  type Column,
  type Dataset,
  matrix,
  type Posterior,
  type PriorTask,
  rowOf,
  type Surrogate,
  seeded,
  type TransferWhy,
} from '@foothold/core';
import { describeKernel, describeSurrogate } from '@foothold/testing';
import { describe, expect, it } from 'vitest';
import { backends } from '../../backends.fixture.ts';
import { coregionalization } from '../../kernels/coregionalization.ts';
import { gaussianProcess } from '../../models/gaussian-process.ts';
import { normalScores, normalScoreTransform } from '../../warps/normal-scores.ts';
import { discordantPairs } from './discordant-pairs.ts';
import { gated } from './gated.ts';
import { multiTask } from './multi-task.ts';
import { quantileTransfer } from './quantile-transfer.ts';
import { rankingWeighted, rankingWeights } from './ranking-weighted.ts';
import { residualTransfer } from './residual-transfer.ts';
import { stackedResidual } from './stacked-residual.ts';
import { epanechnikov, twoStage } from './two-stage.ts';

const columns: Column[] = [
  { kind: 'continuous', name: 'a' },
  { kind: 'continuous', name: 'b' },
];
const base = gaussianProcess({ columns });
const context = () => ({ rng: seeded(1) });

function wave(seed: string, n: number, f = (a: number, b: number) => Math.sin(4 * a) + b * b): Dataset {
  const rng = seeded(seed);
  const x = matrix(n, 2);
  for (let i = 0; i < 2 * n; i++) x.data[i] = rng.next();
  return { x, y: Float64Array.from({ length: n }, (_, i) => f(rowOf(x, i)[0]!, rowOf(x, i)[1]!)) };
}
const alike: PriorTask = {
  name: 'alike',
  data: wave('alike', 25, (a, b) => 10 * (Math.sin(4 * a) + b * b) + 3),
};
const opposite: PriorTask = {
  name: 'opposite',
  data: wave('opposite', 25, (a, b) => -Math.sin(4 * a) - b * b),
};

const explanationOf = ({ why }: Posterior) => (why as unknown as { transfer: TransferWhy }).transfer;

/** Mean and variance known everywhere, whatever the data. */
function fixed(mean: (row: Float64Array) => number, variance = 1): Posterior {
  return {
    marginals: (x) => ({
      mean: Float64Array.from({ length: x.rows }, (_, i) => mean(rowOf(x, i))),
      variance: new Float64Array(x.rows).fill(variance),
      gradient: () => matrix(x.rows, x.columns),
    }),
  };
}

describeSurrogate('residualTransfer', async () =>
  residualTransfer(await base.fit(wave('prior', 15), context()), base),
);
describeSurrogate('rankingWeighted', () =>
  rankingWeighted([alike, opposite], base, { samples: 64, folds: 4 }),
);
describeSurrogate('twoStage', () => twoStage([alike, opposite], base));
describeSurrogate('stackedResidual', () => stackedResidual([alike, opposite], base));
describeSurrogate('quantileTransfer', () => quantileTransfer([alike], base));
describeSurrogate('multiTask', () => multiTask([alike], { columns }));
describeSurrogate('gated', () => gated(twoStage([alike], base), base, { folds: 3 }));
describeKernel('coregionalization', [...columns, { kind: 'categorical', name: 'task', levels: 3 }], {
  open: () => coregionalization({ tasks: 3, column: 2, rank: 2 }),
  backends,
});

describe('residualTransfer', () => {
  it('is the earlier belief plus what it leaves, and the variances add up', async () => {
    const prior = fixed((row) => 7 * row[0]!, 0.25);
    const rest: Surrogate = {
      fit: (data) => fixed(() => data.y.reduce((a, b) => a + b, 0) / data.y.length, 0.5),
    };
    const data = { x: matrix(2, 2, Float64Array.of(0.5, 0, 1, 0)), y: Float64Array.of(4.5, 9) };
    const { mean, variance } = await (await residualTransfer(prior, rest).fit(data, context())).marginals(
      data.x,
    );
    // Residuals 1 and 2, mean 1.5.
    expect([...mean]).toEqual([5, 8.5]);
    expect([...variance]).toEqual([0.75, 0.75]);
  });
});

describe('ranking weights', () => {
  it('counts the pairs that two lists order differently', () => {
    expect(discordantPairs(Float64Array.of(1, 2, 3), Float64Array.of(3, 2, 1))).toBe(3);
    expect(discordantPairs(Float64Array.of(1, 3, 2), Float64Array.of(1, 2, 3))).toBe(1);
  });

  it('shares the weight between models that never err and gives none to one that always does', () => {
    const y = Float64Array.of(1, 2, 3, 4);
    const sure = (mean: number[]) => ({ mean: Float64Array.from(mean), variance: new Float64Array(4) });
    const weights = rankingWeights([sure([10, 20, 30, 40]), sure([4, 3, 2, 1]), sure([1, 2, 3, 4])], {
      y,
      samples: 16,
      rng: seeded(0),
    });
    expect(weights).toEqual([0.5, 0, 0.5]);
  });

  it('weigh a source that orders as the task does above one that orders the other way', async () => {
    const posterior = await rankingWeighted([alike, opposite], base).fit(wave('target', 8), context());
    const { sources, gate } = explanationOf(posterior);
    expect(sources.map(({ name }) => name)).toEqual(['alike', 'opposite']);
    expect(sources[0]!.weight).toBeGreaterThan(0.3);
    expect(sources[1]!.weight).toBe(0);
    expect(gate).toBeCloseTo(sources[0]!.weight, 12);
  });
});

describe('twoStage', () => {
  it('weighs by the Epanechnikov kernel of the discordance', () => {
    expect(epanechnikov(0, 0.3)).toBe(0.75);
    expect(epanechnikov(0.15, 0.3)).toBeCloseTo(0.5625, 12);
    expect(epanechnikov(0.3, 0.3)).toBe(0);
  });

  it('gives a source that orders the other way no part', async () => {
    const target = wave('target', 8);
    const at = wave('elsewhere', 5).x;
    const [both, one] = await Promise.all(
      [[alike, opposite], [alike]].map(
        async (list) => (await (await twoStage(list, base).fit(target, context())).marginals(at)).mean,
      ),
    );
    expect(both).toEqual(one);
  });
});

describe('gated', () => {
  const flat: Surrogate = { fit: () => fixed(() => 0) };
  const sure: Surrogate = { fit: () => fixed((row) => row[0]!) };
  const data: Dataset = {
    x: matrix(4, 2, Float64Array.of(0, 0, 1, 0, 2, 0, 3, 0)),
    y: Float64Array.of(0, 1, 2, 3),
  };

  it('is the ratio of held-out densities: e^(Σy²/2v) to 1 for a model that is right against one that says 0', async () => {
    const { gate } = explanationOf(await gated(sure, flat).fit(data, context()));
    const v = 1 + 0.01 * 1.25;
    expect(gate).toBeCloseTo(1 / (1 + Math.exp(-14 / (2 * v))), 12);
  });

  it('takes the odds before two rows and nearly nothing of a wrong source after ten', async () => {
    const one = { x: matrix(1, 2), y: Float64Array.of(0) };
    const prior = await gated(sure, flat, { odds: 3 }).fit(one, context());
    expect(explanationOf(prior).gate).toBeCloseTo(0.75, 12);
    const wrong = residualTransfer(await base.fit(opposite.data, context()), {
      fit: () => fixed(() => 0, 0.01),
    });
    expect(explanationOf(await gated(wrong, base).fit(wave('target', 10), context())).gate).toBeLessThan(
      0.01,
    );
  });

  it('scales what the transfer model says of its sources', async () => {
    const found = explanationOf(await gated(twoStage([alike], base), base).fit(wave('target', 6), context()));
    const alone = explanationOf(await twoStage([alike], base).fit(wave('target', 6), context()));
    const { gated: share } = found as unknown as { gated: number };
    expect(found.method).toBe('two-stage');
    expect(found.gate).toBeCloseTo(share * alone.gate, 12);
    expect(found.sources[0]!.weight).toBeCloseTo(share * alone.sources[0]!.weight, 12);
  });

  it('refuses odds that are none', () => {
    expect(() => gated(sure, flat, { odds: 0 })).toThrow(/odds/);
  });
});

describe('multiTask', () => {
  it('predicts the new task from two trials and a task that is alike better than from the trials alone', async () => {
    const target = wave('target', 3);
    const test = wave('test', 40);
    const error = async (surrogate: Surrogate) => {
      const { mean } = await (await surrogate.fit(target, context())).marginals(test.x);
      return mean.reduce((s, m, i) => s + (m - test.y[i]!) ** 2, 0);
    };
    expect(await error(multiTask([alike], { columns }))).toBeLessThan(0.7 * (await error(base)));
  });

  it('says how each source correlates with the new task', async () => {
    const found = explanationOf(
      await multiTask([alike, opposite], { columns, rank: 2 }).fit(wave('target', 10), context()),
    );
    const of = (name: string) => found.sources.find((source) => source.name === name)!;
    expect(of('alike').correlation).toBeGreaterThan(0.5);
    expect(of('opposite').correlation).toBeLessThan(-0.5);
    expect(found.gate).toBeGreaterThan(0.5);
    expect(found.sources.reduce((sum, { weight }) => sum + weight, 0)).toBeCloseTo(found.gate, 12);
  });
});

describe('normal scores', () => {
  it('are quantiles of the ranks; ties share one', () => {
    const scores = normalScores(Float64Array.of(5, 1, 1, 9));
    expect(scores[1]).toBe(scores[2]);
    // Mean rank of the two smallest is 1.5: Φ⁻¹(0.25).
    expect(scores[1]).toBeCloseTo(-0.6744897501960817, 10);
    expect(scores[3]).toBeCloseTo(1.1503493803760079, 10);
  });
});

describe('a scale of normal scores', () => {
  it.each([
    ['several values', Float64Array.of(3, -1, 7, 7, 100)],
    ['two', Float64Array.of(1e-30, 2e-30)],
    ['one', Float64Array.of(5)],
    ['none', new Float64Array(0)],
  ])('of %s gives each its own and goes back, also beyond them', (_, values) => {
    const scale = normalScoreTransform(values);
    const scores = normalScores(values);
    values.forEach((y, i) => {
      expect(scale.forward(y)).toBeCloseTo(scores[i]!, 12);
    });
    for (const u of [-4, -1, -0.2, 0, 0.3, 1, 4]) {
      const { y, slope } = scale.inverse(u);
      expect(slope).toBeGreaterThan(0);
      expect(scale.forward(y)).toBeCloseTo(u, 9);
    }
  });
});

describe('stacked residual and quantiles', () => {
  it.each([
    ['stackedResidual', () => stackedResidual([alike], base)],
    ['quantileTransfer', () => quantileTransfer([alike], base)],
  ])('%s orders points from two trials better than these alone', async (_, make) => {
    const target = wave('target', 2);
    const test = wave('test', 40);
    const wrong = async (surrogate: Surrogate) =>
      discordantPairs((await (await surrogate.fit(target, context())).marginals(test.x)).mean, test.y);
    expect(await wrong(make())).toBeLessThan(0.5 * (await wrong(base)));
  });

  it('gives no weight to what orders the trials the other way', async () => {
    const posterior = await stackedResidual([opposite], base).fit(wave('target', 8), context());
    expect(explanationOf(posterior).gate).toBe(0);
  });

  it('is in the units of the new study, whatever those of the source', async () => {
    const at = wave('elsewhere', 5).x;
    const loud = { ...alike, data: { ...alike.data, y: alike.data.y.map((v) => 1e6 * v) } };
    for (const make of [stackedResidual, quantileTransfer]) {
      const [a, b] = await Promise.all(
        [alike, loud].map(async (source) =>
          (await make([source], base).fit(wave('target', 6), context())).marginals(at),
        ),
      );
      a!.mean.forEach((v, i) => {
        expect(b!.mean[i]).toBeCloseTo(v, 9);
      });
    }
  });
});
