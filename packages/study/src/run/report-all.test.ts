import type { Pruner, Storage } from '@foothold/core';
import { describe, expect, it } from 'vitest';
import {
  asha,
  dominancePruner,
  hyperbandPruner,
  medianPruner,
  memoryStorage,
  patientPruner,
  thresholdPruner,
  wilcoxonPruner,
} from '../index.ts';
import { open } from '../study.fixture.ts';
import type { TrialContext } from './evaluate.ts';
import { optimize } from './optimize.ts';

/** A storage in memory that counts its appends. */
function counting(): { readonly storage: Storage; appends: number } {
  const memory = memoryStorage();
  const counted = {
    appends: 0,
    storage: {
      read: memory.read,
      append: (...all: Parameters<Storage['append']>) => {
        counted.appends++;
        return memory.append(...all);
      },
    },
  };
  return counted;
}

/** Without an index: it is called with all trials. */
const plain: Pruner = {
  prune: (trial, others) =>
    [...others].length > 2 && trial.reports.length > 20 && trial.reports.at(-1)!.value > 4,
};
const pruners: Readonly<Record<string, Pruner>> = {
  asha: asha(),
  hyperband: hyperbandPruner({ maxResource: 64 }),
  median: medianPruner({ startupTrials: 2 }),
  patient: patientPruner(asha(), { patience: 3 }),
  threshold: thresholdPruner({ upper: 9 }),
  wilcoxon: wilcoxonPruner({ pThreshold: 0.4 }),
  dominance: dominancePruner({ fronts: 1, startupTrials: 2 }),
  plain,
};

const steps = Array.from({ length: 64 }, (_, k) => k + 1);
const loss = (number: number, step: number) => ((number * 7) % 10) + Math.sin(number + step) / 2 + 4 / step;

/** Reports that are there at once; the last of them once more, with the same value and with another. */
const atOnce = async (_: unknown, { number, reportAll }: TrialContext) => {
  const all = [...steps, 64].map((step) => ({ step, value: loss(number, step) }));
  const answers = await reportAll([...all, { step: 3, value: 99 }, { step: 65, value: Number.NaN }]);
  const end = answers.indexOf('prune');
  if (end >= 0) {
    expect(answers).toEqual(answers.map((_answer, i) => (i < end ? 'continue' : 'prune')));
    return { state: 'pruned' } as const;
  }
  expect(answers.slice(-2)).toMatchObject([
    { message: expect.stringMatching(/^step is 3, allowed is a step without a report/) },
    { message: 'value is NaN, allowed is a finite number' },
  ]);
  return loss(number, 64);
};
const inTurn = async (_: unknown, { number, report }: TrialContext) => {
  for (const step of steps) await report(step, loss(number, step));
  return loss(number, 64);
};

describe('reports that are there at the same time', () => {
  it.each(Object.entries(pruners))(
    'end where each of them would have, with few appends: %s',
    async (_, pruner) => {
      const one = counting();
      const many = counting();
      const together = open({ pruner, storage: one.storage });
      const separate = open({ pruner, storage: many.storage });
      await optimize(together, atOnce, { newTrials: 12 });
      await optimize(separate, inTurn, { newTrials: 12 });
      const trials = await together.trials();
      expect(trials).toEqual(await separate.trials());
      expect(trials.some(({ state }) => state === 'pruned')).toBe(true);
      expect(trials.some(({ state }) => state === 'complete')).toBe(true);
      expect(one.appends).toBeLessThan(5 * 12);
      expect(many.appends).toBeGreaterThan(2 * one.appends);
    },
  );
});
