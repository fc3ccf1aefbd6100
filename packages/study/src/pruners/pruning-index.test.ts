import {
  type Goal,
  InvalidArgumentError,
  type Pruner,
  type Report,
  seeded,
  type Trial,
} from '@foothold/core';
import { searchSpace, uniform } from '@foothold/space';
import { describe, expect, it } from 'vitest';
import {
  asha,
  createStudy,
  dominancePruner,
  hyperbandPruner,
  medianPruner,
  memoryStorage,
  patientPruner,
  percentilePruner,
  studyRecord,
  thresholdPruner,
  wilcoxonPruner,
} from '../index.ts';
import { paretoFronts } from './fronts.ts';
import { sortedValues } from './sorted-values.ts';

const goal: Goal = {
  direction: 'minimize',
  objectives: [
    { metric: 'value', direction: 'minimize' },
    { metric: 'size', direction: 'maximize' },
  ],
};

/** Each rule once more from all trials, in a few lines and without an index. */
const slow: Readonly<Record<string, { readonly pruner: Pruner; readonly rule: Pruner['prune'] }>> = {
  median: {
    pruner: medianPruner({ startupTrials: 2, intervalSteps: 2 }),
    rule: (trial, others) => {
      const steps = sorted(trial.reports.map(({ step }) => step));
      const last = steps.at(-1)!;
      const [complete] = [[...others].filter(({ state }) => state === 'complete')];
      const at = sorted(
        complete.flatMap((other) => other.reports.filter(({ step }) => step === last).map(reportedValue)),
      );
      if (complete.length < 2 || at.length === 0 || (steps.at(-2) ?? -1) >= 2 * Math.floor(last / 2))
        return false;
      return (
        Math.min(...trial.reports.map(reportedValue)) > (at[(at.length - 1) >> 1]! + at[at.length >> 1]!) / 2
      );
    },
  },
  asha: {
    pruner: asha({ minResource: 2, reductionFactor: 2 }),
    rule: (trial, others) => {
      const steps = sorted(trial.reports.map(({ step }) => step));
      const rung = [128, 64, 32, 16, 8, 4, 2].find((step) => step <= steps.at(-1)!);
      if (rung === undefined || (steps.at(-2) ?? -1) >= rung) return false;
      const at = (of: Trial) =>
        [...of.reports].sort((a, b) => a.step - b.step).find(({ step }) => step >= rung)?.value;
      const arrived = [...others].flatMap((other) => at(other) ?? []);
      const better = arrived.filter((value) => value < at(trial)!).length;
      return better >= Math.max(1, Math.floor((arrived.length + 1) / 2));
    },
  },
  dominance: {
    pruner: dominancePruner({ fronts: 2, startupTrials: 2 }),
    rule: (trial, others) => {
      const last = trial.reports.reduce((a, b) => (b.step > a.step ? b : a));
      const complete = [...others].filter(({ state }) => state === 'complete');
      let at = complete.flatMap(({ reports }) => reports.filter(({ step }) => step === last.step));
      if (complete.length < 2) return false;
      // Behind two fronts: dominated by what is dominated itself.
      at = at.filter((one) => at.some((other) => isBetter(other, one)));
      return at.some((other) => isBetter(other, last));
    },
  },
};
const others: readonly Pruner[] = [
  percentilePruner({ startupTrials: 1 }),
  asha({ minResource: 1, reductionFactor: 3 }),
  hyperbandPruner({ maxResource: 9, reductionFactor: 2, minResource: 1 }),
  patientPruner(asha({ minResource: 1 }), { patience: 1 }),
  patientPruner(
    { prune: (trial, all) => [...all].some(({ state }) => state === 'failed') && trial.number > 3 },
    { patience: 0 },
  ),
  thresholdPruner({ upper: 0.9 }),
  wilcoxonPruner({ pThreshold: 0.4 }),
];

const reportedValue = ({ value }: Report) => value;
const sorted = (values: readonly number[]) => [...values].sort((a, b) => a - b);
const isBetter = (a: Report, b: Report) =>
  a.value <= b.value &&
  a.metrics!['size']! >= b.metrics!['size']! &&
  (a.value < b.value || a.metrics!['size']! > b.metrics!['size']!);

const space = searchSpace({ x: uniform(0, 1) });
const sampler = {
  supports: ['continuous', 'several-objectives'] as const,
  sample: () => [{ params: { x: 0.5 } as never }],
};

/** A history at random: reports in any order of steps, trials that end in every way, leave and run again. */
async function history(
  pruner: Pruner,
  seed: number,
  check: (decision: string, number: number, trials: readonly Trial[]) => void,
) {
  const rng = seeded(seed);
  const storage = memoryStorage();
  const study = createStudy({ space, sampler, pruner, storage, objectives: goal.objectives });
  const running = new Map<number, Set<number>>();
  for (let k = 0; k < 120; k++) {
    const open = [...running.keys()];
    const number = open[Math.floor(rng.next() * open.length)];
    const act = rng.next();
    if (number === undefined || act < 0.08) {
      running.set((await study.ask()).number, new Set());
    } else if (act < 0.8) {
      const steps = running.get(number)!;
      const step = rng.next() < 0.8 ? Math.max(-1, ...steps) + 1 : Math.floor(rng.next() * 10);
      if (steps.has(step)) continue;
      steps.add(step);
      const value = Math.round(8 * rng.next()) / 8;
      const size = { size: Math.round(8 * rng.next()) };
      const decision = await study.report(number, step, value, size);
      // One that is opened now has heard of nothing; the same report again only asks.
      if (k % 20 === 0) {
        const late = createStudy({ space, sampler, pruner, storage, objectives: goal.objectives });
        expect(await late.report(number, step, value, size)).toBe(decision);
      }
      check(decision, number, await study.trials());
    } else if (act < 0.84) {
      await study.release(number);
      running.delete(number);
    } else {
      const end = rng.next();
      running.delete(number);
      const outcome =
        end < 0.6
          ? ({ state: 'complete', value: rng.next(), metrics: { size: rng.next() } } as const)
          : end < 0.8
            ? ({ state: 'pruned' } as const)
            : ({ state: 'failed', reason: 'for the test' } as const);
      await study.tell(number, outcome);
      if (end > 0.9) await studyRecord(storage, 'study').reopenFailed();
    }
  }
}

describe('what a pruner decides event by event', () => {
  it.each(Object.entries(slow))('%s: equals the rule over all trials', async (_, { pruner, rule }) => {
    let pruned = 0;
    for (let seed = 0; seed < 30; seed++)
      await history(pruner, seed, (decision, number, trials) => {
        const rest = trials.filter((trial) => trial.number !== number);
        const expected = rule(trials[number]!, rest, goal);
        expect(decision).toBe(expected ? 'prune' : 'continue');
        expect(pruner.prune(trials[number]!, rest, goal)).toBe(expected);
        if (expected) pruned++;
      });
    expect(pruned).toBeGreaterThan(20);
  });
  it.each(others.map((pruner, i) => [i, pruner] as const))(
    'pruner %i: equals what it decides with an empty memory',
    async (_, pruner) => {
      let pruned = 0;
      for (let seed = 0; seed < 20; seed++)
        await history(pruner, seed, (decision, number, trials) => {
          const rest = trials.filter((trial) => trial.number !== number);
          expect(decision).toBe(pruner.prune(trials[number]!, rest, goal) ? 'prune' : 'continue');
          if (decision === 'prune') pruned++;
        });
      expect(pruned).toBeGreaterThan(0);
    },
  );
  it('looks at one report each, however many trials there are', async () => {
    const inner = medianPruner();
    let heard = 0;
    let prunes = 0;
    const counted: Pruner = {
      prune: () => {
        throw new Error('the index is there');
      },
      index: (of) => {
        const index = inner.index!(of);
        return {
          ...index,
          reported: (...report) => {
            heard++;
            index.reported(...report);
          },
          prune: (trial) => {
            prunes++;
            return index.prune(trial);
          },
        };
      },
    };
    const study = createStudy({ space, sampler, pruner: counted, direction: 'minimize' });
    for (let number = 0; number < 50; number++) {
      await study.ask();
      await study.report(number, 0, number);
      await study.tell(number, { state: 'complete', value: number });
    }
    expect([heard, prunes]).toEqual([50, 50]);
  });
});

describe('sortedValues', () => {
  it('has the order, the counts and the values of a sorted list after any additions and removals', () => {
    const rng = seeded(3);
    const values = sortedValues();
    let list: number[] = [];
    for (let k = 0; k < 6000; k++) {
      const value = Math.floor(rng.next() * 800);
      if (rng.next() < 0.7) {
        values.add(value);
        list.push(value);
      } else {
        values.remove(value);
        const at = list.indexOf(value);
        if (at >= 0) list = list.toSpliced(at, 1);
      }
      if (k % 50 > 0) continue;
      const expected = sorted(list);
      const index = Math.floor(rng.next() * list.length);
      expect(values.size).toBe(list.length);
      expect(values.at(index)).toBe(expected[index] ?? Number.NaN);
      expect(values.above(value)).toBe(list.filter((v) => v > value).length);
    }
    expect(values.size).toBeGreaterThan(2000);
    expect(values.at(-1)).toBeNaN();
    expect(values.at(1e9)).toBeNaN();
  });
});

describe('dominancePruner', () => {
  it('keeps the fronts that sorting all points gives', () => {
    const rng = seeded(5);
    const fronts = paretoFronts(3);
    let points: Float64Array[] = [];
    const dominated = (point: Float64Array, by: readonly Float64Array[]) =>
      by.some((other) => other.every((v, i) => v <= point[i]!) && other.some((v, i) => v < point[i]!));
    for (let k = 0; k < 300; k++) {
      const point = Float64Array.from({ length: 3 }, () => Math.floor(6 * rng.next()));
      let rest = points;
      for (let front = 0; front < 2; front++) rest = rest.filter((one) => dominated(one, rest));
      expect(fronts.isBehind(point)).toBe(dominated(point, rest));
      fronts.add(point);
      points = [...points, point];
    }
  });
  it('needs all figures, and takes only whole options', async () => {
    const study = createStudy({
      space,
      sampler,
      pruner: dominancePruner({ fronts: 1, startupTrials: 1 }),
      ...goal,
    });
    await study.ask();
    await study.report(0, 1, 1, { size: 5 });
    await study.tell(0, { state: 'complete', value: 1, metrics: { size: 5 } });
    await study.ask();
    expect(await study.report(1, 1, 2, { size: 4 })).toBe('prune');
    await study.ask();
    expect(await study.report(2, 1, 2)).toBe('continue');
    await expect(study.report(2, 2, 2, { size: Number.NaN })).rejects.toThrow('metrics.size');
    await expect(study.report(1, 1, 2, { size: 3 })).rejects.toThrow(
      'this one has {"metrics":{"size":4},"value":2}',
    );
    expect((await study.trials())[1]!.reports).toEqual([{ step: 1, value: 2, metrics: { size: 4 } }]);
    for (const wrong of [{ fronts: 0 }, { minTrials: 0 }, { intervalSteps: 0 }, { warmupSteps: -1 }])
      expect(() => dominancePruner(wrong)).toThrow(InvalidArgumentError);
    for (const wrong of [
      () => thresholdPruner({}),
      () => thresholdPruner({ lower: 1, upper: 0 }),
      () => hyperbandPruner({ maxResource: 1 }),
      () => percentilePruner({ percentile: 101 }),
      () => patientPruner(undefined, { patience: 1.5 }),
      () => wilcoxonPruner({ pThreshold: 2 }),
    ])
      expect(wrong).toThrow(InvalidArgumentError);
  });
});
