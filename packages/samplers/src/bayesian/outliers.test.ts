import { logExpectedImprovement } from '@foothold/acquisitions';
import {
  type Goal,
  matrixOf,
  type Outcome,
  type Sampler,
  seeded,
  type Trial,
  type Why,
} from '@foothold/core';
import { gaussianProcess } from '@foothold/gp-models';
import { ordinal, searchSpace, uniform } from '@foothold/space';
import { describe, expect, it } from 'vitest';
import { fidelityData, fidelityOutliersWhy } from '../multi-fidelity/fidelity-data.ts';
import { bayesian } from './bayesian.ts';
import { outliersWhy } from './outliers.ts';
import { thompsonSampling } from './thompson-sampling.ts';
import { withinCosts, withinLimits } from './within-limits.ts';

const space = searchSpace({ x: uniform(0, 1), y: uniform(0, 1) });
type P = { readonly x: number; readonly y: number };
const bowl = ({ x, y }: P) => (x - 0.3) ** 2 + (y - 0.7) ** 2;
const surrogate = gaussianProcess({ columns: space.columns });
const model = () => bayesian({ surrogate, acquisition: logExpectedImprovement() });
const failed: Outcome = { state: 'failed', reason: 'diverged' };

async function run(
  samplerAt: (k: number) => Sampler,
  outcome: (p: P) => Outcome,
  options: { readonly seed?: number; readonly count?: number; readonly goal?: Partial<Goal> } = {},
): Promise<readonly Trial<P>[]> {
  const { seed = 0, count = 30, goal } = options;
  const trials: Trial<P>[] = [];
  for (let k = 0; k < count; k++) {
    const rng = seeded(seed).fork(k);
    const request = { space, direction: 'minimize' as const, ...goal, trials: [...trials], count: 1, rng };
    const [proposal] = await samplerAt(k).sample<P>(request);
    trials.push({ number: k, reports: [], ...proposal!, ...outcome(proposal!.params) });
  }
  return trials;
}

const told =
  (penalty: Outcome, sign = 1) =>
  (p: P): Outcome =>
    p.x > 0.6 ? penalty : { state: 'complete', value: sign * bowl(p) };
const penalty = (value: number): Outcome => ({ state: 'complete', value });
const regret = (trials: readonly Trial<P>[]) =>
  Math.min(...trials.filter(({ params }) => params.x <= 0.6).map(({ params }) => bowl(params)));
const median = (values: readonly number[]) => [...values].sort((a, b) => a - b)[values.length >> 1]!;
const seeds = [0, 1, 2];

describe('penalties on a part of the space', () => {
  it('F5: cost at most twice the regret of failures, 1e3 to 1.7e308, both directions', async () => {
    const regrets = async (outcome: (p: P) => Outcome, direction: 'minimize' | 'maximize') =>
      median(
        await Promise.all(
          seeds.map(async (seed) => regret(await run(() => model(), outcome, { seed, goal: { direction } }))),
        ),
      );
    const [down, up] = [await regrets(told(failed), 'minimize'), await regrets(told(failed, -1), 'maximize')];
    expect(down).toBeLessThan(1e-6);
    for (const size of [1e3, 1e6, 1e10, 1e30, 1e300])
      expect(await regrets(told(penalty(size)), 'minimize')).toBeLessThanOrEqual(2 * down);
    for (const size of [1e3, 1.7e308])
      expect(await regrets(told(penalty(-size), -1), 'maximize')).toBeLessThanOrEqual(2 * up);
  });

  it('F5: noisy ones, ones that grow, and several levels, at most 1e-5 where 0.02 and more was', async () => {
    const outcomes: readonly ((p: P) => Outcome)[] = [
      (p) => (p.x > 0.6 ? penalty(1e5 * (1 + 0.3 * Math.sin(1e4 * p.y))) : penalty(bowl(p))),
      (p) => (p.x > 0.6 ? penalty(bowl(p) + 1e6 * (p.x - 0.5)) : penalty(bowl(p))),
      (p) => (p.x > 0.6 ? penalty([1e3, 1e8, 1e200][Math.floor(3 * p.y)] ?? 1e3) : penalty(bowl(p))),
    ];
    for (const outcome of outcomes) {
      const found = await Promise.all(
        seeds.map(async (seed) => regret(await run(() => model(), outcome, { seed }))),
      );
      expect(median(found)).toBeLessThan(1e-5);
    }
  });

  it('F5: leave the draws of Thompson sampling as good as failures do', async () => {
    const sampler = () => thompsonSampling({ surrogate });
    const points = async (outcome: (p: P) => Outcome) =>
      (await run(sampler, outcome, { count: 15 })).map(({ params }) => params);
    expect(await points(told(penalty(1e30)))).toEqual(await points(told(failed)));
  });

  it('lets a study go on with the same bits when each suggestion comes from a new sampler', async () => {
    const one = model();
    const whole = await run(() => one, told(penalty(1e6)), { count: 45 });
    expect(await run(() => model(), told(penalty(1e6)), { count: 45 })).toEqual(whole);
  });

  it('are said in why, in the units of the values', async () => {
    const trials = await run(() => model(), told(penalty(1e6)), { count: 20 });
    const before = trials.slice(0, 19);
    const penalized = before.filter(({ params }) => params.x > 0.6).length;
    const worst = Math.max(
      ...before.filter(({ params }) => params.x <= 0.6).map(({ params }) => bowl(params)),
    );
    expect(penalized).toBeGreaterThan(1);
    expect(trials[19]!.why!.outliers).toEqual([
      `value: ${penalized} trials far above ${worst} count as failed`,
    ]);
    expect(await outliersWhy({ space, trials: before.slice(0, 2), direction: 'minimize' })).toEqual({});
    const plain = await run(
      () => model(),
      (p) => penalty(bowl(p)),
      { count: 12 },
    );
    expect(plain.every(({ why }) => why!.outliers === undefined)).toBe(true);
  });
});

describe('figures beside the value', () => {
  const x = matrixOf(Array.from({ length: 6 }, (_, i) => Float64Array.of((i * 0.37) % 1, (i * 0.61) % 1)));
  const y = (...values: number[]) => ({ x, y: Float64Array.from(values) });

  it('have outliers at a tenth of the range beyond the others, on their side of the limit', () => {
    expect([...withinLimits(y(0.3, 0.1, -0.2, 0.2, -1e30, -1e300)).y.slice(4)]).toEqual([-0.25, -0.25]);
    // All others keep the limit, which lies at 0: the outlier does not.
    const [, , , , low] = withinLimits(y(0.3, 0.1, 0.2, 0.25, -1e30, 0.15)).y;
    expect(low).toBeCloseTo(-0.03, 12);
    const [, , , , high] = withinLimits(y(-0.3, -0.1, -0.2, -0.25, 1e30, -0.15)).y;
    expect(high).toBeCloseTo(0.03, 12);
    const costs = withinCosts(y(1, 2, 1.5, 1, 690, 1.2)).y;
    expect([...costs]).toEqual([1, 2, 1.5, 1, expect.closeTo(2.1, 12), 1.2]);
    expect(withinCosts(y(1, 2, 1.5, 1, -690, 1.2)).y[4]).toBe(-690);
  });

  it('without outliers are the same to the bit', () => {
    const values = [0.3, -0, -0.2, 0.2, 0, 7.1];
    expect(withinLimits(y(...values)).y).toEqual(Float64Array.from(values));
    expect(withinCosts(y(...values)).y).toEqual(Float64Array.from(values));
  });

  it('are said in why in their own units, costs too', async () => {
    const values = [1, 2, 1.5, 1.2, 1e200, 1.7];
    const trials = values.map((seconds, number): Trial<P> => {
      const params = { x: (number * 0.37) % 1, y: (number * 0.61) % 1 };
      return { number, params, reports: [], state: 'complete', value: number, metrics: { seconds } };
    });
    const request = { space, trials, direction: 'minimize' } as const;
    expect(await outliersWhy({ ...request, cost: 'seconds' })).toEqual({
      outliers: ['seconds: 1 trial far above 2 counts as little beyond the others'],
    });
    expect(await outliersWhy({ ...request, constraints: [{ metric: 'seconds', atLeast: 1.3 }] })).toEqual({
      outliers: ['seconds: 1 trial far above 2 counts as little beyond the others'],
    });
    expect(await outliersWhy({ ...request, constraints: [{ metric: 'memory', atLeast: 1.3 }] })).toEqual({});
  });

  it('F5: a limit on a metric with values of 1e300 is found as without them', async () => {
    for (const size of [1e6, 1e300]) {
      const trials = await run(
        () => model(),
        (p) => ({
          state: 'complete',
          value: -p.x - p.y,
          metrics: { memory: p.x > 0.85 ? size : p.x ** 2 + p.y ** 2 },
        }),
        { count: 24, goal: { constraints: [{ metric: 'memory', atMost: 0.5 }] } },
      );
      const kept = trials.filter(({ params: { x: a, y: b } }) => a * a + b * b <= 0.5);
      expect(Math.max(...kept.map(({ params }) => params.x + params.y))).toBeGreaterThan(0.97);
      expect(trials.at(-1)!.why!.outliers).toEqual([
        expect.stringMatching(/^memory: \d+ trials? far above [\d.]+ counts? as little beyond the others$/),
      ]);
    }
  });

  it('F5: penalties in one of several objectives miss at most twice the area that failures miss', async () => {
    const objectives = [
      { metric: 'value', direction: 'minimize' },
      { metric: 'size', direction: 'minimize' },
    ] as const;
    const size = ({ x: a, y: b }: P) => (1 + 4 * b) * (1 - (a / (1 + 4 * b)) ** 2);
    const area = async (penalized: Outcome) => {
      const outcome = (p: P): Outcome =>
        p.y > 0.5 ? penalized : { state: 'complete', value: p.x, metrics: { size: size(p) } };
      const trials = await run(() => model(), outcome, { goal: { objectives } });
      const front = trials.filter(({ params }) => params.y <= 0.5).map(({ params }) => params);
      let [covered, low] = [0, 4];
      for (const p of front.sort((a, b) => a.x - b.x))
        if (size(p) < low) {
          covered += (1.1 - p.x) * (low - size(p));
          low = size(p);
        }
      return covered;
    };
    // The area over the front up to (1.1, 4) is 3 + ⅓ + 0.4.
    const most = 3 + 1 / 3 + 0.4;
    const missing = most - (await area(failed));
    for (const value of [1e3, 1e300]) {
      const penalized: Outcome = { state: 'complete', value: 0.5, metrics: { size: value } };
      expect(most - (await area(penalized))).toBeLessThan(2 * missing);
    }
  });
});

describe('the end of the number range', () => {
  it('leaves every figure of why a number, and finds the better half', async () => {
    for (const f of [
      ({ x }: P) => 1.7e308 * (2 * x - 1),
      ({ x }: P) => (x > 0.5 ? 1.7e308 : -1.7e308),
      ({ x, y }: P) => (x > 0.6 ? 1.7e308 : 1e-300 * y),
    ]) {
      const trials = await run(
        () => model(),
        (p) => penalty(f(p)),
        { count: 14 },
      );
      const text = JSON.stringify(
        trials.slice(6).map(({ why }) => [(why!.prediction as Why).mean, why!.acquisition]),
      );
      expect(text).not.toContain('null');
      expect(trials.slice(6).filter(({ params }) => params.x < 0.6).length).toBeGreaterThan(4);
    }
  });
});

describe('scales', () => {
  it('have their outliers each by itself, and say so', () => {
    const scaled = searchSpace({ x: uniform(0, 1), epochs: ordinal(1, 9) });
    const values = [
      [1, 500],
      [1, 501],
      [1, 502],
      [1, 1e9],
      [9, 0.1],
      [9, 0.3],
      [9, 0.2],
      [9, 500],
    ] as const;
    const trials = values.map(
      ([epochs, value], number): Trial<{ x: number; epochs: 1 | 9 }> => ({
        number,
        params: { x: (number * 0.37) % 1, epochs },
        reports: [],
        state: 'complete',
        value,
      }),
    );
    const levelOf = (point: Float64Array) => (point[1]! < 0.5 ? 0 : 1);
    const request = { space: scaled, trials, direction: 'minimize' } as const;
    const { y, isPenalty } = fidelityData(request, { levelOf, levels: 2 });
    expect(isPenalty).toEqual(values.map((_, i) => i === 3 || i === 7));
    expect([...y]).toEqual([-500, -501, -502, -502.2, -0.1, -0.3, -0.2, expect.closeTo(-0.32, 12)]);
    const scales = { name: 'epochs', levels: 2, levelOf, valueAt: (level: number) => [1, 9][level] };
    expect(fidelityOutliersWhy(request, scales)).toEqual({
      outliers: [
        'value at epochs 1: 1 trial far above 502 counts as failed',
        'value at epochs 9: 1 trial far above 0.3 counts as failed',
      ],
    });
  });
});
