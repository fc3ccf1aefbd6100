import { describe, expect, it } from 'vitest';
import { isUninformative } from './task-quality.ts';

/** Of sources whose values do not follow from their points: R² by chance is 0.15. */
const isOut = (...correlations: number[]) =>
  isUninformative(
    correlations.map(() => 0.05),
    correlations,
    { points: 100, rows: correlations.map(() => 100) },
  );

describe('isUninformative', () => {
  it('counts a correlation among one to three sources where they correlate in general', () => {
    expect(isOut(1, 0, -0.447)).toEqual([true, true, true]);
    expect(isOut(0.9, 0.3, 0.1)).toEqual([false, true, true]);
  });

  it('counts each correlation above four times chance with four sources and more', () => {
    expect(isOut(0.9, 0.1, 0, -0.4)).toEqual([false, true, true, true]);
  });

  it('leaves out a source whose correlation is not a number', () => {
    expect(isOut(0.9, 0.9, 0.9, Number.NaN)).toEqual([false, false, false, true]);
    expect(isOut(0.9, Number.NaN)).toContain(true);
  });

  it('keeps sources whose values follow from their points, and those with few rows', () => {
    expect(isUninformative([0.5, undefined], [0, 0], { points: 100, rows: [100, 20] })).toEqual([
      false,
      false,
    ]);
  });
});
