import {
  type Goal,
  InvalidArgumentError,
  type Study,
  type Surrogate,
  seeded,
  type Trial,
} from '@foothold/core';
import { searchSpace, uniform } from '@foothold/space';
import { describe, expect, it } from 'vitest';
import {
  anyOf,
  bestTrial,
  costLimit,
  createStudy,
  memoryStorage,
  noImprovement,
  optimize,
  regretBound,
  type StopRule,
  type StudyProgress,
  stopCheck,
  studyRecord,
  targetValue,
  timeLimit,
  trialLimit,
} from '../index.ts';

const minimize: Goal = { direction: 'minimize' };
const space = searchSpace({ x: uniform(0, 1) });
const sampler = {
  supports: ['continuous', 'cost', 'outcome-constraints'] as const,
  sample: () => [{ params: { x: 0.5 } as never }],
};

const trial = (number: number, value: number, x = 0.5): Trial<{ x: number }> => ({
  number,
  params: { x },
  reports: [],
  state: 'complete',
  value,
});

/** Progress of a study that has these trials. */
const progress = (trials: readonly Trial<{ x: number }>[], goal = minimize): StudyProgress<{ x: number }> => {
  const best = bestTrial(trials, goal);
  const isLater = ({ number, state }: Trial) =>
    best !== undefined && number > best.number && state !== 'running';
  return {
    goal,
    ended: trials.filter(({ state }) => state !== 'running').length,
    best,
    sinceBest: trials.filter(isLater).length,
    cost: 0,
    trials: async () => trials,
  };
};
const names = async (rule: StopRule<{ x: number }>, all: readonly StudyProgress<{ x: number }>[]) =>
  Promise.all(all.map(async (one) => (await rule.check(one))?.name));

describe('stop rules', () => {
  it('noImprovement counts ended trials after the best feasible one', async () => {
    const trials = [1, 3, 2, 2].map((v, i) => trial(i, v));
    const steps = [0, 1, 2, 3, 4].map((n) => progress(trials.slice(0, n), { direction: 'maximize' }));
    expect(await names(noImprovement({ trials: 2 }), steps)).toEqual([...Array(4), 'no-improvement']);
    expect(() => noImprovement({ trials: 0 })).toThrow(InvalidArgumentError);
  });
  it('targetValue is met in the direction of the goal', async () => {
    const values = [0.3, 0.2, 0.1].map((v) => progress([trial(0, v)]));
    expect(await names(targetValue({ value: 0.2 }), [progress([]), ...values])).toEqual([
      ...[undefined, undefined],
      ...['target', 'target'],
    ]);
    const up = [0.1, 0.2].map((v) => progress([trial(0, v)], { direction: 'maximize' }));
    expect(await names(targetValue({ value: 0.2 }), up)).toEqual([undefined, 'target']);
    expect(() => targetValue({ value: Number.NaN })).toThrow(InvalidArgumentError);
  });
  it('costLimit, trialLimit and timeLimit say what is over', async () => {
    const goal = { ...minimize, cost: 'seconds' };
    const spent = { ...progress([trial(0, 1)], goal), cost: 12 };
    expect(await costLimit({ total: 12 }).check(spent)).toEqual({
      name: 'cost',
      text: 'the trials cost 12 together, the limit is 12',
    });
    expect(await costLimit({ total: 13 }).check(spent)).toBeUndefined();
    expect(() => costLimit({ total: 13 }).check(progress([]))).toThrow('names its cost metric');
    expect(await names(trialLimit({ trials: 1 }), [progress([]), spent])).toEqual([undefined, 'trials']);
    let now = 5;
    const time = timeLimit({ ms: 10, clock: () => now });
    expect(await time.check(progress([]))).toBeUndefined();
    now = 15;
    expect(await time.check(progress([]))).toEqual({ name: 'time', text: 'the time limit of 10 ms is over' });
    for (const wrong of [
      () => costLimit({ total: Number.NaN }),
      () => trialLimit({ trials: -1 }),
      () => timeLimit({ ms: -1, clock: () => 0 }),
    ])
      expect(wrong).toThrow(InvalidArgumentError);
  });
  it('anyOf stops for the first rule that is met', async () => {
    const rule = anyOf(trialLimit({ trials: 3 }), targetValue({ value: 0 }));
    const states = [[1], [1, -1], [1, -1, 2]].map((values) => progress(values.map((v, i) => trial(i, v))));
    expect(await names(rule, states)).toEqual([undefined, 'target', 'trials']);
    expect(await anyOf().check(states[2]!)).toBeUndefined();
  });
});

describe('what a stop rule sees', () => {
  /** Trials that end in every way and in any order, some failed ones again. */
  const history = async (seed: number, see: (study: Study) => Promise<void>) => {
    const rng = seeded(seed);
    const storage = memoryStorage();
    const study = createStudy({
      ...{ space, sampler, storage, direction: 'maximize', cost: 'seconds' },
      constraints: [{ metric: 'seconds', atMost: 0.9 }],
    });
    await study.load([{ params: { x: 0.5 }, value: 0.5, metrics: { seconds: 0.5 } }]);
    const running: number[] = [];
    for (let k = 0; k < 60; k++) {
      if (rng.next() < 0.5) running.push((await study.ask()).number);
      else if (running.length > 0) {
        const [number] = running.splice(Math.floor(rng.next() * running.length), 1);
        const seconds = 0.1 + Math.floor(rng.next() * 10) / 10;
        const value = Math.floor(rng.next() * 6);
        const failed = { state: 'failed', reason: 'for the test' } as const;
        const end = rng.next();
        await study.tell(
          number!,
          end < 0.7
            ? { state: 'complete', value, metrics: { seconds } }
            : end < 0.8
              ? { state: 'pruned' }
              : failed,
        );
        if (end > 0.9) await studyRecord(storage, 'study').reopenFailed();
      }
      await see(study as unknown as Study);
    }
  };
  it.each([
    ['of a study that says what has ended', (study: Study) => study],
    ['of any study', ({ ended: _, ...study }: Study) => study],
  ])('equals what all trials say, %s', async (_, of) => {
    for (let seed = 0; seed < 20; seed++) {
      let seen: StudyProgress | undefined;
      let check: (() => Promise<unknown>) | undefined;
      await history(seed, async (study) => {
        check ??= stopCheck(of(study), {
          check: (now) => {
            seen = now;
            return undefined;
          },
        });
        await check();
        const trials = await study.trials();
        const best = bestTrial(trials, study.goal!);
        const complete = trials.filter((t) => t.state === 'complete' && !t.loaded);
        const cost = complete.reduce(
          (sum, t) => sum + (t.state === 'complete' ? t.metrics!['seconds']! : 0),
          0,
        );
        expect(seen!.best).toEqual(best);
        expect(seen!.cost).toBeCloseTo(cost, 10);
        // A failed trial that runs again has ended once.
        expect(seen!.ended).toBeGreaterThanOrEqual(trials.filter(({ state }) => state !== 'running').length);
        const later = trials.filter(
          ({ number, state }) => state === 'complete' && best && number > best.number,
        );
        expect(seen!.sinceBest).toBeGreaterThanOrEqual(later.length);
      });
    }
  });
  it('costs no copy of the trials', async () => {
    const study = createStudy({ space, sampler, direction: 'minimize', repeat: true });
    let copies = 0;
    const watched = {
      ...study,
      trials: () => {
        copies++;
        return study.trials();
      },
    };
    let number = 0;
    const stop = anyOf(
      noImprovement({ trials: 50 }),
      targetValue({ value: -20 }),
      trialLimit({ trials: 99 }),
    );
    const result = await optimize(watched, () => -number++, { stop });
    expect(result).toEqual({
      finished: 21,
      stopped: 'target',
      reason: 'the best value, -20, has reached the target, -20',
    });
    expect(copies).toBe(0);
    const { goal: _, ...without } = study;
    await expect(optimize(without, () => 1, { stop })).rejects.toThrow('does not state its goal');
  });
});

describe('regretBound', () => {
  const trials = [0, 0.25, 0.5, 0.75, 1].map((x, i) => trial(i, -x, x));
  /** Believes that the value to be maximized is x, with one standard deviation everywhere. */
  const belief = (standardDeviation: number): Surrogate => ({
    fit: () => ({
      marginals: ({ data }) => ({
        mean: data.slice(),
        variance: new Float64Array(data.length).fill(standardDeviation ** 2),
      }),
    }),
  });
  const stops = async (standardDeviation: number, threshold: number, of = trials) =>
    (await regretBound({ space, surrogate: belief(standardDeviation), threshold }).check(progress(of))) !==
    undefined;

  it('equals twice the scaled standard deviation where the best observed point is the best of all', async () => {
    // β = 2 ln(1 · 25 · π² / 0.6) / 5; both edges lie at x = 1.
    const bound = 2 * 0.1 * Math.sqrt((2 * Math.log((25 * Math.PI ** 2) / 0.6)) / 5);
    expect(await stops(0.1, bound * 1.001)).toBe(true);
    expect(await stops(0.1, bound * 0.999)).toBe(false);
  });

  it('sees what is left to gain where nothing was observed', async () => {
    const low = trials.map((t) => ({ ...t, params: { x: t.params.x / 2 } }));
    expect(await stops(1e-9, 0.55, low)).toBe(true); // max over the space is just below 1, observed 0.5
    expect(await stops(1e-9, 0.49, low)).toBe(false);
  });

  it('waits for five observations, and takes a threshold above 0', async () => {
    expect(await stops(1e-9, 10, trials.slice(0, 4))).toBe(false);
    expect(await stops(1e-9, 10)).toBe(true);
    for (const wrong of [{ threshold: 0 }, { threshold: 1, delta: 1 }])
      expect(() => regretBound({ space, surrogate: belief(1), ...wrong })).toThrow(InvalidArgumentError);
  });
});
