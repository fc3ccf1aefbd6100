import { type Direction, InvalidArgumentError, type Pruner, seeded, type Trial } from '@foothold/core';
import { describe, expect, it } from 'vitest';
import { asha, hyperbandPruner, medianPruner, percentilePruner } from '../index.ts';

const trial = (
  number: number,
  values: readonly number[],
  state: 'running' | 'complete' = 'complete',
): Trial => ({
  number,
  params: {},
  reports: values.map((value, i) => ({ step: i + 1, value })),
  ...(state === 'complete' ? { state, value: values.at(-1) ?? 0 } : { state }),
});

const minimize = { direction: 'minimize' } as const;

describe('medianPruner', () => {
  const others = [1, 2, 3, 4, 5].map((v, i) => trial(i, [v + 10, v, v + 5]));

  it('ends a trial whose best so far is worse than the median at the step', () => {
    const prune = (values: number[], direction: Direction = 'minimize') =>
      medianPruner().prune(trial(9, values, 'running'), others, { direction });
    expect(prune([13])).toBe(false); // medians: 13, 3, 8
    expect(prune([13.1])).toBe(true);
    expect(prune([20, 3])).toBe(false);
    expect(prune([20, 3.1])).toBe(true);
    expect(prune([20, 8, 8])).toBe(false);
    expect(prune([20, 9, 8.1])).toBe(true);
    expect(prune([2, 100, 100])).toBe(false); // its best was good
    expect(prune([13], 'maximize')).toBe(false);
    expect(prune([12.9], 'maximize')).toBe(true);
    expect(prune([])).toBe(false);
  });

  it('waits for enough complete trials and for the warm-up', () => {
    const bad = trial(9, [99, 99], 'running');
    expect(medianPruner({ startupTrials: 6 }).prune(bad, others, minimize)).toBe(false);
    expect(medianPruner({ warmupSteps: 3 }).prune(bad, others, minimize)).toBe(false);
    expect(medianPruner({ warmupSteps: 2 }).prune(bad, others, minimize)).toBe(true);
    const running = others.map((t) => trial(t.number, [1, 1], 'running'));
    expect(medianPruner().prune(bad, running, minimize)).toBe(false);
    expect(() => medianPruner({ startupTrials: -1 })).toThrow(InvalidArgumentError);
  });
});

describe('asha', () => {
  it('judges at the rungs only, by the best third of those that arrived', () => {
    const pruner = asha({ minResource: 2, reductionFactor: 3 });
    const others = [1, 2, 3, 4, 5].map((v, i) => trial(i, Array(7).fill(v)));
    const prune = (values: number[]) => pruner.prune(trial(9, values, 'running'), others, minimize);
    expect(prune([9])).toBe(false); // before the first rung
    expect(prune([9, 1.5])).toBe(false); // second of six: the best two go on
    expect(prune([9, 2.5])).toBe(true);
    expect(prune([9, 1.5, 9])).toBe(false); // between rungs
    expect(prune([9, 1, 9, 9, 9, 2.5])).toBe(true); // the rung at step 6
    expect(prune([9, 1, 9, 9, 9, 1.5, 9])).toBe(false);
    const short = asha({ minResource: 2, maxResource: 1 });
    expect(short.prune(trial(9, [9, 9], 'running'), others, minimize)).toBe(false);
  });

  it('lets the first arrivals go on only as long as they are the best', () => {
    const one = [trial(0, [5], 'running')];
    const pruner = asha({ minResource: 1 });
    const prune = (value: number, others: readonly Trial[], direction: Direction) =>
      pruner.prune(trial(1, [value], 'running'), others, { direction });
    expect(prune(4, one, 'minimize')).toBe(false);
    expect(prune(6, one, 'minimize')).toBe(true);
    expect(prune(6, one, 'maximize')).toBe(false);
    expect(prune(6, [], 'minimize')).toBe(false);
    for (const wrong of [{ reductionFactor: 1 }, { minResource: 0 }, { reductionFactor: Number.NaN }])
      expect(() => asha(wrong)).toThrow(InvalidArgumentError);
  });
});

describe('pruning pays', () => {
  // Curves that fall to a random floor; the final value is the floor plus what is left of the fall.
  const curve = (rng: { next(): number }) => {
    const [floor, speed] = [rng.next(), 0.1 + 0.3 * rng.next()];
    return Array.from({ length: 27 }, (_, t) => floor + Math.exp(-speed * t));
  };
  const run = (pruner: Pruner | undefined, seed: number) => {
    const trials: Trial[] = [];
    let steps = 0;
    for (let number = 0; number < 60; number++) {
      const values = curve(seeded(seed).fork(number));
      let kept = values.length;
      for (let k = 1; k <= values.length; k++) {
        steps++;
        if (pruner?.prune(trial(number, values.slice(0, k), 'running'), trials, minimize)) {
          kept = k;
          break;
        }
      }
      const done = trial(number, values.slice(0, kept));
      trials.push(
        kept < values.length ? { number, params: {}, reports: done.reports, state: 'pruned' } : done,
      );
    }
    const best = Math.min(...trials.map((t) => (t.state === 'complete' ? t.value : Infinity)));
    return { steps, best };
  };

  it.each([
    ['medianPruner', medianPruner(), 0.75],
    ['percentilePruner', percentilePruner(), 0.6],
    ['asha', asha(), 0.4],
    ['hyperbandPruner', hyperbandPruner({ maxResource: 27 }), 0.7],
  ] as const)('%s saves steps and keeps the best within 0.05 over ten seeds', (_, pruner, share) => {
    let [saved, full, loss] = [0, 0, 0];
    for (let seed = 0; seed < 10; seed++) {
      const [pruned, whole] = [run(pruner, seed), run(undefined, seed)];
      saved += pruned.steps;
      full += whole.steps;
      loss += (pruned.best - whole.best) / 10;
    }
    expect(saved / full).toBeLessThan(share);
    expect(loss).toBeLessThan(0.05);
  });
});
