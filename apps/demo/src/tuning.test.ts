import { cpu } from '@foothold/linalg';
import { describe, expect, it } from 'vitest';
import { type Comparison, compareSearches, type DigitTask, type Stage, stockSettings } from './tuning.ts';

/** A task of the same settings that costs nothing: its best learning rate, shift and dropout are not the stock ones. */
const bowl =
  (best: number): DigitTask['large'] =>
  async (s) => ({
    value: (Math.log10(s.learningRate) - best) ** 2 + (s.shift - 2) ** 2 / 4 + (s.dropout - 0.2) ** 2,
    metrics: { seconds: 0 },
  });
const task: DigitTask = { small: bowl(-2.1), large: bowl(-2), newDigits: () => 0 };
const settingsOf = (comparison: Comparison, stage: Stage) => comparison[stage].map(({ params }) => params);

describe('the comparison of searches', () => {
  it('begins each search with the stock settings, and is a function of its seed', async () => {
    const once = await compareSearches(task, { trials: 5, seed: 3, linalg: cpu });
    for (const stage of ['stock', 'random', 'cold'] as const)
      expect(settingsOf(once, stage)[0], stage).toEqual(stockSettings);
    for (const [key, stock] of Object.entries(stockSettings))
      expect(once.small[0]!.params[key as keyof typeof stockSettings], key).toBeCloseTo(stock, 12);
    // No search spends a second trial on them.
    for (const stage of ['random', 'cold', 'small', 'large'] as const)
      expect(settingsOf(once, stage).filter((p) => p.dropout === 0 && p.shift === 0).length).toBeLessThan(2);
    const [again, other] = [
      await compareSearches(task, { trials: 5, seed: 3, linalg: cpu }),
      await compareSearches(task, { trials: 5, seed: 4, linalg: cpu }),
    ];
    for (const stage of ['random', 'cold', 'small', 'large'] as const) {
      expect(settingsOf(again, stage)).toEqual(settingsOf(once, stage));
      expect(settingsOf(other, stage)).not.toEqual(settingsOf(once, stage));
    }
  });
});
