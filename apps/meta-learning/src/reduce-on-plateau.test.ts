import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { earlyStopping } from './early-stopping.ts';
import { type PlateauOptions, reduceOnPlateau } from './reduce-on-plateau.ts';

type Recorded = PlateauOptions & {
  readonly name: string;
  readonly losses: number[];
  readonly rates: number[];
};
const { cases, learningRate } = JSON.parse(
  readFileSync(new URL('plateau-values.json', import.meta.url), 'utf8'),
) as { readonly cases: readonly Recorded[]; readonly learningRate: number };

describe('the learning rate on a plateau', () => {
  it.each(cases)("is PyTorch's for a loss that is $name (factor $factor, patience $patience)", (recorded) => {
    const next = reduceOnPlateau({ ...recorded, learningRate });
    recorded.losses.forEach((loss, epoch) => {
      // PyTorch leaves a rate alone when it would change by less than 1e-8; none of these does.
      expect(next(loss), `epoch ${epoch}`).toBeCloseTo(recorded.rates[epoch]!, 12);
    });
  });
  it('takes a loss that is NaN for no fall', () => {
    const next = reduceOnPlateau({ learningRate: 1, patience: 1 });
    expect([0.5, Number.NaN, Number.NaN, Number.NaN].map(next)).toEqual([1, 1, 0.5, 0.5]);
  });
});

describe('early stopping', () => {
  it('ends after so many epochs without a lower loss, counted from the lowest', () => {
    const verdict = earlyStopping({ patience: 2 });
    const course = [0.9, 0.7, 0.8, 0.6, 0.6, 0.61];
    expect(course.map((loss) => verdict(loss).stop)).toEqual([false, false, false, false, false, true]);
  });
  it('names the epochs with the lowest loss so far', () => {
    const verdict = earlyStopping({ patience: 9, minDelta: 0.1 });
    expect([1, 0.95, 0.8, Number.NaN, 0.69].map((loss) => verdict(loss).best)).toEqual([
      true,
      false,
      true,
      false,
      true,
    ]);
  });
});
