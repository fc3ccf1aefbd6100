import {
  logExpectedHypervolumeImprovement,
  logExpectedImprovement,
  qLogNoisyExpectedHypervolumeImprovement,
} from '@foothold/acquisitions';
import {
  type Dataset,
  type Goal,
  type MultiObjectiveAcquisition,
  matrix,
  type Objective,
  type SampleRequest,
  seeded,
  type Trial,
} from '@foothold/core';
import { gaussianProcess } from '@foothold/gp-models';
import { categorical, searchSpace, uniform } from '@foothold/space';
import { gradientGap, linearPosterior } from '@foothold/testing';
import { describe, expect, it } from 'vitest';
import { type BayesianOptions, bayesian } from './bayesian.ts';
import { multiObjectiveScore } from './multi-objective-score.ts';
import { scoreOf } from './score.ts';
import { multiObjectiveModel } from './several-objectives-model.ts';

const space = searchSpace({ a: uniform(0, 1), b: uniform(0, 1) });
interface P {
  readonly a: number;
  readonly b: number;
  readonly [name: string]: number;
}

const objectivesOf = (m: number): readonly Objective[] =>
  Array.from({ length: m }, (_, j) => ({
    metric: j === 0 ? 'value' : `f${j}`,
    direction: j % 2 ? 'maximize' : 'minimize',
  }));

/** Distances to m points on a circle, every second one negated: the front is the polygon between them. */
function figures({ a, b }: P, m: number): readonly number[] {
  return Array.from({ length: m }, (_, j) => {
    const angle = (2 * Math.PI * j) / m;
    const d = Math.hypot(a - 0.5 - 0.3 * Math.cos(angle), b - 0.5 - 0.3 * Math.sin(angle));
    return j % 2 ? -d : d;
  });
}

function complete(number: number, params: P, values: readonly number[]): Trial<P> {
  const [value, ...rest] = values;
  const metrics = Object.fromEntries(rest.map((v, j) => [`f${j + 1}`, v]));
  return { number, params, reports: [], state: 'complete', value: value!, metrics };
}

function history(
  n: number,
  m: number,
  over: (values: readonly number[], i: number) => readonly number[] = (v) => v,
) {
  const rng = seeded(3);
  return Array.from({ length: n }, (_, i): Trial<P> => {
    const params = { a: rng.next(), b: rng.next() };
    return complete(i, params, over(figures(params, m), i));
  });
}

const acquisitions = {
  exact: logExpectedHypervolumeImprovement,
  noisy: () => qLogNoisyExpectedHypervolumeImprovement({ samples: 4 }),
};
const sampler = (kind: keyof typeof acquisitions = 'exact', options: Partial<BayesianOptions> = {}) =>
  bayesian({
    surrogate: gaussianProcess({ columns: space.columns }),
    acquisition: logExpectedImprovement(),
    multiObjective: multiObjectiveModel(acquisitions[kind]()),
    initialTrials: 2,
    ...options,
  });

async function ask(
  trials: readonly Trial<P>[],
  m: number,
  over: Partial<SampleRequest<P> & Goal> = {},
  kind: keyof typeof acquisitions = 'exact',
) {
  return sampler(kind).sample<P>({
    space: space as unknown as SampleRequest<P>['space'],
    direction: 'minimize',
    objectives: objectivesOf(m),
    trials,
    count: 1,
    rng: seeded(0),
    ...over,
  });
}

const hardHistories: Readonly<Record<string, readonly Trial<P>[]>> = {
  'two trials': history(2, 2),
  'one objective constant': history(9, 2, ([v]) => [v!, 1]),
  'both constant': history(9, 2, () => [1, 1]),
  'the same point many times': history(9, 2).map((t) => ({ ...t, params: { a: 0.3, b: 0.3 } })),
  'values of 1e30 and 1e-30': history(9, 2, ([v, w]) => [v! * 1e30, w! * 1e-30]),
  'the ends of the number range': history(9, 2, ([v, w], i) => [i % 2 ? 1e308 : -1e308, w! + v!]),
  'a metric missing here and there': history(9, 2, ([v, w], i) => (i % 3 ? [v!, w!] : [v!])),
  'a metric missing everywhere': history(9, 2, ([v]) => [v!]),
  NaN: history(9, 2, ([v, w], i) => (i % 3 ? [v!, w!] : [Number.NaN, w!])),
  'failed trials': history(9, 2).map((t, i) =>
    i % 2 ? t : { number: i, params: t.params, reports: [], state: 'failed', reason: 'x' },
  ),
  'only failed trials': history(9, 2).map(({ params }, i) => ({
    ...{ number: i, params, reports: [], state: 'failed', reason: 'x' },
  })),
};

describe('bayesian with a model of each objective', () => {
  describe.each(['exact', 'noisy'] as const)('%s', (kind) => {
    it.each(Object.keys(hardHistories))('proposes a point after %s', async (name) => {
      const [made] = await ask(hardHistories[name]!, 2, {}, kind);
      for (const v of Object.values(made!.params)) expect(v >= 0 && v <= 1).toBe(true);
      expect(made!.why).toMatchObject({ stage: 'model' });
      expect(JSON.parse(JSON.stringify(made!.samplerState))).toEqual(made!.samplerState);
    });

    it.each([2, 3, 4])('proposes different points for %d objectives beside running trials', async (m) => {
      const running: Trial<P> = { number: 12, params: { a: 0.5, b: 0.5 }, reports: [], state: 'running' };
      const made = await ask([...history(12, m), running], m, { count: 3 }, kind);
      const keys = made.map(({ params }) => `${params.a.toFixed(4)} ${params.b.toFixed(4)}`);
      expect(new Set([...keys, '0.5000 0.5000']).size).toBe(4);
    });

    it('keeps to where an outcome constraint holds, and looks for such a point where none is known', async () => {
      const withLoad = (trials: readonly Trial<P>[]) =>
        trials.map((t) =>
          t.state === 'complete' ? { ...t, metrics: { ...t.metrics, load: t.params.a } } : t,
        );
      const constraints = [{ metric: 'load', atMost: 0.45 }];
      const trials = withLoad(history(20, 2));
      const [made] = await ask(trials, 2, { constraints }, kind);
      expect(made!.params.a).toBeLessThan(0.5);
      const infeasible = trials.filter((t) => t.params.a > 0.5);
      const [first] = await ask(infeasible, 2, { constraints }, kind);
      expect(first!.params.a).toBeLessThan(0.5);
    });
  });

  it('goes on from what the log has: with a new sampler the same proposal', async () => {
    const trials = history(8, 2);
    const one = sampler();
    const request = {
      space: space as unknown as SampleRequest<P>['space'],
      direction: 'minimize',
      objectives: objectivesOf(2),
      count: 1,
    } as const;
    for (let i = 8; i < 12; i++) {
      const now = { ...request, trials, rng: seeded(5).fork(i) };
      const [made] = await one.sample<P>(now);
      const [again] = await sampler().sample<P>({ ...now, trials: JSON.parse(JSON.stringify(trials)) });
      expect(again).toEqual(made);
      const trial = complete(i, made!.params, figures(made!.params, 2));
      trials.push({ ...trial, samplerState: made!.samplerState! });
    }
  });

  it('says of each objective what it expects, in its units and direction', async () => {
    const [made] = await ask(history(25, 2), 2);
    const expected = figures(made!.params, 2);
    const { prediction } = made!.why as {
      prediction: { mean: number; objectives: Record<string, { mean: number; standardDeviation: number }> };
    };
    expect(prediction.mean).toBe(prediction.objectives['value']!.mean);
    expect(Math.abs(prediction.objectives['value']!.mean - expected[0]!)).toBeLessThan(0.1);
    expect(Math.abs(prediction.objectives['f1']!.mean - expected[1]!)).toBeLessThan(0.1);
    expect(made!.why).toMatchObject({ acquisition: { name: 'logExpectedHypervolumeImprovement' } });
  });

  it('scalarizes more than six objectives, and says so', async () => {
    const [modelled] = await ask(history(8, 6), 6);
    expect(modelled!.why).toMatchObject({ acquisition: { name: 'logExpectedHypervolumeImprovement' } });
    const [scalarized] = await ask(history(8, 7), 7);
    expect(scalarized!.why).toMatchObject({
      acquisition: { name: 'logExpectedImprovement' },
      scalarized: 'more than 6 objectives',
    });
  });

  it('says that a batch of several objectives stays as it was chosen', async () => {
    const made = await sampler('exact', { batches: 'joint' }).sample<P>({
      ...{ space: space as unknown as SampleRequest<P>['space'], direction: 'minimize' },
      ...{ objectives: objectivesOf(2), trials: history(8, 2), count: 2, rng: seeded(0) },
    });
    for (const { why } of made)
      expect(why).toMatchObject({ batch: { method: 'sequential', reason: expect.any(String) } });
  });

  it('measures ranges by regular values: neither failed trials nor outliers', async () => {
    const ranges: unknown[] = [];
    const spy: MultiObjectiveAcquisition = {
      prepare(belief) {
        ranges.push(belief.ranges);
        return logExpectedHypervolumeImprovement().prepare(belief);
      },
    };
    const surrogate = { fit: (data: Dataset) => linearPosterior(data) };
    const regular = history(12, 2);
    const failed: Trial<P> = {
      ...{ number: 12, params: { a: 0.4, b: 0.6 } },
      reports: [],
      state: 'failed',
      reason: 'x',
    };
    const far = complete(13, { a: 0.9, b: 0.9 }, [1e9, -1e9]);
    for (const trials of [regular, [...regular, failed, far]])
      await sampler('exact', { surrogate, multiObjective: multiObjectiveModel(spy) }).sample<P>({
        ...{ space: space as unknown as SampleRequest<P>['space'], direction: 'minimize' },
        ...{ objectives: objectivesOf(2), trials, count: 1, rng: seeded(0) },
      });
    expect(ranges).toHaveLength(2);
    expect(ranges[1]).toEqual(ranges[0]);
  });

  it('works with categories, fixed values and a point that is taken', async () => {
    const mixed = searchSpace({ a: uniform(0, 1), kind: categorical('x', 'y') });
    type Q = ReturnType<typeof mixed.decode>;
    const rng = seeded(1);
    const trials = Array.from({ length: 9 }, (_, number): Trial<Q> => {
      const params = mixed.decode(Float64Array.of(rng.next(), rng.next()));
      const shift = params.kind === 'x' ? 0 : 0.3;
      return {
        ...{ number, params, reports: [], state: 'complete', value: params.a + shift },
        metrics: { f1: params.a ** 2 - shift },
      };
    });
    const [made] = await bayesian({
      surrogate: gaussianProcess({ columns: mixed.columns }),
      acquisition: logExpectedImprovement(),
      multiObjective: async () => multiObjectiveModel(logExpectedHypervolumeImprovement()),
    }).sample<Q>({
      ...{ space: mixed, direction: 'minimize', objectives: objectivesOf(2), trials, count: 1 },
      fixed: { kind: 'y' },
      rng: seeded(0),
    });
    expect(made!.params.kind).toBe('y');
  });
});

describe('the score of several objectives', () => {
  it.each(['exact', 'noisy'] as const)('has the gradient of central differences: %s', async (kind) => {
    const rng = seeded(2);
    const x = matrix(
      6,
      2,
      Float64Array.from({ length: 12 }, () => rng.next()),
    );
    const posteriors = await Promise.all(
      [0, 1, 2].map(async (j) => {
        const y = Float64Array.from(
          { length: 6 },
          (_, i) => Math.sin(4 * x.data[2 * i]! + j) + x.data[2 * i + 1]! * (j - 1),
        );
        const fitted = await gaussianProcess({ columns: space.columns, outputWarping: 'none' }).fit(
          { x, y },
          { rng },
        );
        return fitted.latent!.posterior;
      }),
    );
    const utility = await acquisitions[kind]().prepare({
      ...{ posteriors, observed: x, rng: seeded(4) },
      ranges: posteriors.map(() => ({ low: -1, high: 1 })),
    });
    const score = scoreOf([multiObjectiveScore(posteriors, utility)], space.columns);
    for (const at of [Float64Array.of(0.31, 0.62), Float64Array.of(0.8, 0.15)]) {
      const { gradient } = await score(matrix(1, 2, at));
      const value = async (data: Float64Array) =>
        (await score(matrix(1, 2, data), { gradient: false })).value[0]!;
      expect(await gradientGap(value, at, gradient!.data)).toBeLessThan(1e-4);
    }
  });
});
