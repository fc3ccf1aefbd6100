import { readFileSync } from 'node:fs';
import type { Direction, Outcome, Pruner } from '@foothold/core';
import { searchSpace, uniform } from '@foothold/space';
import { describe, expect, it } from 'vitest';
import {
  asha,
  createStudy,
  hyperbandPruner,
  medianPruner,
  patientPruner,
  percentilePruner,
  thresholdPruner,
  wilcoxonPruner,
} from '../index.ts';
import { signedRankTest } from './signed-rank-test.ts';

interface RecordedCurve {
  readonly steps: readonly number[];
  readonly values: readonly number[];
  readonly final: number;
}
/** What fixtures/make-optuna-decisions.py recorded. */
const recorded = JSON.parse(
  readFileSync(new URL('./fixtures/optuna-decisions.json', import.meta.url), 'utf8'),
) as {
  readonly curves: readonly (readonly number[])[];
  readonly folds: readonly RecordedCurve[];
  readonly ended: Readonly<Record<string, readonly (readonly [number, string])[]>>;
  readonly signedRank: readonly { readonly differences: readonly number[]; readonly p: number }[];
};
const curves = recorded.curves.map(
  (values): RecordedCurve => ({ steps: values.map((_, i) => i + 1), values, final: values.at(-1)! }),
);

const cases: Readonly<Record<string, readonly [Pruner, readonly RecordedCurve[]]>> = {
  median: [medianPruner(), curves],
  'median, warm-up 3, interval 2, startup 2': [
    medianPruner({ startupTrials: 2, warmupSteps: 3, intervalSteps: 2 }),
    curves,
  ],
  'percentile 25': [percentilePruner(), curves],
  'percentile 70, minTrials 4, interval 3': [
    percentilePruner({ percentile: 70, startupTrials: 0, minTrials: 4, intervalSteps: 3 }),
    curves,
  ],
  'asha 1, 4': [asha({ minResource: 1, reductionFactor: 4 }), curves],
  'asha 2, 2': [asha({ minResource: 2, reductionFactor: 2 }), curves],
  'hyperband 1, 9, 3, shared rungs': [
    hyperbandPruner({ minResource: 1, maxResource: 9, reductionFactor: 3 }),
    curves,
  ],
  threshold: [thresholdPruner({ lower: 0.2, upper: 1.5, warmupSteps: 2, intervalSteps: 2 }), curves],
  'patient 2 of median': [patientPruner(medianPruner(), { patience: 2 }), curves],
  'patient 1 alone, 0.05': [patientPruner(undefined, { patience: 1, minDelta: 0.05 }), curves],
  wilcoxon: [wilcoxonPruner(), recorded.folds],
  'wilcoxon 0.2, startup 5': [wilcoxonPruner({ pThreshold: 0.2, startupSteps: 5 }), recorded.folds],
};

/** Number of reports and state of each trial; three run at a time, as in the script. */
async function ended(pruner: Pruner, direction: Direction, all: readonly RecordedCurve[]) {
  const random = { sample: () => [{ params: { x: 0.5 } as never }] };
  const study = createStudy({ space: searchSpace({ x: uniform(0, 1) }), sampler: random, direction, pruner });
  const waiting = [...all];
  const running: { readonly number: number; readonly of: RecordedCurve; seen: number }[] = [];
  const result: [number, string][] = [];
  while (waiting.length > 0 || running.length > 0) {
    while (waiting.length > 0 && running.length < 3)
      running.push({ number: (await study.ask()).number, of: waiting.shift()!, seen: 0 });
    const trial = running.shift()!;
    const { number, of } = trial;
    const decision = await study.report(number, of.steps[trial.seen]!, of.values[trial.seen]!);
    trial.seen++;
    const outcome: Outcome | undefined =
      decision === 'prune'
        ? { state: 'pruned' }
        : number % 6 === 5 && trial.seen === 3
          ? { state: 'failed', reason: 'for the test' }
          : trial.seen === of.values.length
            ? { state: 'complete', value: of.final }
            : undefined;
    if (!outcome) running.push(trial);
    else {
      await study.tell(number, outcome);
      result[number] = [trial.seen, outcome.state];
    }
  }
  return result;
}

describe('pruners decide as those of Optuna on recorded curves', () => {
  it.each(
    Object.entries(cases).flatMap(([name, [pruner, of]]) =>
      (['minimize', 'maximize'] as const).map((direction) => ({ name, pruner, of, direction })),
    ),
  )('$name, $direction', async ({ name, pruner, of, direction }) => {
    const expected = recorded.ended[`${name}, ${direction}`]!;
    expect(expected.some(([, state]) => state === 'pruned')).toBe(true);
    expect(await ended(pruner, direction, of)).toEqual(expected);
  });
});

describe('signedRankTest', () => {
  it.each(recorded.signedRank)('has the p-value of scipy, $p', ({ differences, p }) => {
    expect(signedRankTest(differences)).toBeCloseTo(p, 12);
  });
  it('counts the signs where there are ties among many, which scipy approximates', () => {
    // Six equal differences: the positive sum is 3.5 times a binomial count.
    expect(signedRankTest([1, 1, 1, 1, 1, -1])).toBeCloseTo(7 / 64, 15);
    expect(signedRankTest(Array(40).fill(1))).toBeCloseTo(2 ** -40, 25);
    expect(signedRankTest([])).toBe(1);
  });
});
