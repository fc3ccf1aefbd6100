import type { Direction, Goal, Pruner, Report, Trial } from '@foothold/core';
import { searchSpace, uniform } from '@foothold/space';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  asha,
  createStudy,
  dominancePruner,
  hyperbandPruner,
  medianPruner,
  patientPruner,
  percentilePruner,
  thresholdPruner,
  wilcoxonPruner,
} from '../index.ts';

const options = { startupTrials: 1, warmupSteps: 1, intervalSteps: 2 };
/** Those whose rule keeps the best trial at equal steps. */
const keepTheBest: Readonly<Record<string, Pruner>> = {
  median: medianPruner(options),
  percentile: percentilePruner({ startupTrials: 1, percentile: 10 }),
  asha: asha({ minResource: 1, reductionFactor: 1.5 }),
  'asha, 4': asha({ minResource: 2, reductionFactor: 4 }),
  hyperband: hyperbandPruner({ maxResource: 8, minResource: 1 }),
  'patient asha': patientPruner(asha({ minResource: 1 }), { patience: 1 }),
  wilcoxon: wilcoxonPruner({ pThreshold: 0.9 }),
  dominance: dominancePruner({ fronts: 1, startupTrials: 1 }),
};
/** A threshold knows no other trials, patience alone neither. */
const all: Readonly<Record<string, Pruner>> = {
  ...keepTheBest,
  threshold: thresholdPruner({ lower: -2, upper: 3, intervalSteps: 2 }),
  patient: patientPruner(undefined, { patience: 1 }),
};
const mirrored: Readonly<Record<string, Pruner>> = {
  ...all,
  threshold: thresholdPruner({ lower: -3, upper: 2, intervalSteps: 2 }),
};

/** Goals in both directions; the second figure is for those that look at it. */
const goalOf = (direction: Direction): Goal => ({
  direction,
  objectives: [
    { metric: 'value', direction },
    { metric: 'size', direction },
  ],
});
type State = 'complete' | 'pruned' | 'failed' | 'running';
interface History {
  readonly steps: readonly number[];
  readonly others: readonly {
    readonly state: State;
    readonly values: readonly number[];
    readonly number: number;
  }[];
  /** The running trial: values, and its number among the others'. */
  readonly own: readonly number[];
  readonly number: number;
}
// Whole numbers from a few, so that there are ties.
const value = fc.integer({ min: -4, max: 4 });
/** Trials that report at the same steps, each for a while. */
const histories: fc.Arbitrary<History> = fc
  .record({
    steps: fc.uniqueArray(fc.integer({ min: 0, max: 12 }), { minLength: 1, maxLength: 8 }),
    others: fc.array(
      fc.record({
        state: fc.constantFrom<State>('complete', 'complete', 'pruned', 'failed', 'running'),
        values: fc.array(value, { maxLength: 8 }),
      }),
      { maxLength: 12 },
    ),
    own: fc.array(value, { minLength: 1, maxLength: 8 }),
    at: fc.nat({ max: 12 }),
  })
  .map(({ steps, others, own, at }) => {
    const number = Math.min(at, others.length);
    return {
      steps: steps.toSorted((a, b) => a - b),
      others: others.map((other, i) => ({ ...other, number: i < number ? i : i + 1 })),
      own: own.slice(0, steps.length),
      number,
    };
  });

const reportsOf = (steps: readonly number[], values: readonly number[], sign = 1): readonly Report[] =>
  values
    .slice(0, steps.length)
    .map((v, i) => ({ step: steps[i]!, value: sign * v, metrics: { size: sign * v } }));

function trialOf(number: number, state: State, reports: readonly Report[]): Trial {
  const base = { number, params: {}, reports };
  if (state === 'failed') return { ...base, state, reason: 'for the test' };
  if (state !== 'complete') return { ...base, state };
  const last = reports.at(-1)?.value ?? 0;
  return { ...base, state, value: last, metrics: { size: last } };
}

const othersOf = ({ others, steps }: History, sign = 1): readonly Trial[] =>
  others.map(({ number, state, values }) => trialOf(number, state, reportsOf(steps, values, sign)));
const ownOf = ({ number, steps, own }: History, sign = 1): Trial =>
  trialOf(number, 'running', reportsOf(steps, own, sign));
const signs = [
  ['minimize', 1],
  ['maximize', -1],
] as const;

describe.each(Object.entries(keepTheBest))('%s', (_, pruner) => {
  it.each(signs)('never ends the best trial at equal steps, %s', (direction, sign) => {
    fc.assert(
      fc.property(histories, (history) => {
        const { steps, others, own } = history;
        // As good as the best of the others at each step, or better.
        const best = steps.slice(0, own.length).map((_step, i) => {
          const there = others.flatMap(({ values }) => (i < values.length ? [values[i]!] : []));
          return Math.min(own[i]!, ...there);
        });
        const trial = ownOf({ ...history, own: best }, sign);
        expect(pruner.prune(trial, othersOf(history, sign), goalOf(direction))).toBe(false);
      }),
      { numRuns: 400, seed: 1 },
    );
  });
});

describe.each(Object.entries(all))('%s', (name, pruner) => {
  it('decides the same of negated values in the other direction, in every way at times', () => {
    const decisions = new Set<boolean>();
    fc.assert(
      fc.property(histories, (history) => {
        const decision = pruner.prune(ownOf(history), othersOf(history), goalOf('minimize'));
        decisions.add(decision);
        expect(mirrored[name]!.prune(ownOf(history, -1), othersOf(history, -1), goalOf('maximize'))).toBe(
          decision,
        );
      }),
      { numRuns: 600, seed: 1 },
    );
    expect([...decisions].sort()).toEqual([false, true]);
  });
  it('decides the same in whatever order the reports came', () => {
    const shuffled = histories.chain((history) => {
      const events = [ownOf(history), ...othersOf(history)].flatMap((trial) =>
        trial.reports.map((report) => ({ trial, report })),
      );
      return fc.record({
        history: fc.constant(history),
        events: fc.shuffledSubarray(events, { minLength: events.length }),
      });
    });
    fc.assert(
      fc.property(shuffled, ({ history, events }) => {
        const goal = goalOf('minimize');
        const index = pruner.index!(goal);
        for (const { trial, report } of events) index.reported({ ...trial, state: 'running' }, report);
        for (const trial of othersOf(history)) if (trial.state !== 'running') index.ended(trial);
        const trial = ownOf(history);
        expect(index.prune(trial)).toBe(pruner.prune(trial, othersOf(history), goal));
      }),
      { numRuns: 400, seed: 1 },
    );
  });
  it('takes what a failed trial reported for nothing, or as what any other had there', () => {
    const countsFailed = name.includes('asha') || name === 'hyperband';
    fc.assert(
      fc.property(histories, (history) => {
        const decide = (others: readonly Trial[]) => pruner.prune(ownOf(history), others, goalOf('minimize'));
        const others = othersOf(history);
        const without = countsFailed
          ? others.map((other) => trialOf(other.number, 'pruned', other.reports))
          : others.filter(({ state }) => state !== 'failed');
        expect(decide(others)).toBe(decide(without));
      }),
      { numRuns: 400, seed: 1 },
    );
  });
  it('hears nothing of a report that is no number, and ends no trial without a report', async () => {
    const sampler = {
      supports: ['continuous', 'several-objectives'] as const,
      sample: () => [{ params: { x: 0.5 } as never }],
    };
    const space = searchSpace({ x: uniform(0, 1) });
    const decisions = async (wrong: boolean) => {
      const study = createStudy({ space, sampler, pruner, ...goalOf('minimize') });
      const found: string[] = [];
      for (const values of [
        [2, 2, 2, 2],
        [1, 1, 1, 1],
        [3, 4, 4, 4],
      ]) {
        const { number } = await study.ask();
        for (const [step, v] of values.entries()) {
          for (const bad of wrong ? [Number.NaN, Infinity] : []) {
            await expect(study.report(number, step, bad, { size: 1 })).rejects.toThrow('a finite number');
            await expect(study.report(number, step, 1, { size: bad })).rejects.toThrow('a finite number');
          }
          found.push(await study.report(number, step, v, { size: v }));
        }
        await study.tell(number, { state: 'complete', value: values[0]!, metrics: { size: values[0]! } });
      }
      return found;
    };
    const found = await decisions(true);
    expect(found).toEqual(await decisions(false));
    expect(found).toContain('prune');
    expect(
      pruner.prune(
        trialOf(3, 'running', []),
        [trialOf(0, 'complete', reportsOf([1], [1]))],
        goalOf('minimize'),
      ),
    ).toBe(false);
  });
});
