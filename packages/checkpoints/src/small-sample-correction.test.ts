import { InvalidArgumentError } from '@foothold/core';
import { describe, expect, it } from 'vitest';
import { smallSampleCorrection } from './small-sample-correction.ts';
import { checkpointStudy } from './study.ts';

describe('the correction for few cells', () => {
  it('ends with two cells a column and three for each shared parameter, and when all is known', () => {
    expect(smallSampleCorrection(Array(71).fill(2), 121)).toEqual({ varianceInflation: 1, nullWeight: 0 });
    expect(smallSampleCorrection([2, 2], 2)).toEqual({ varianceInflation: 1, nullWeight: 0 });
    expect(smallSampleCorrection([...Array(70).fill(2), 1], 121).nullWeight).toBe(1 / 143);
    expect(smallSampleCorrection([10, 9], 50).nullWeight).toBe(1 / 21);
    expect(smallSampleCorrection([10, 10], 50)).toEqual({ varianceInflation: 1, nullWeight: 0 });
  });

  it('falls with every cell', () => {
    const corrections = Array.from({ length: 12 }, (_, k) => smallSampleCorrection([k + 1, k + 1], 50));
    for (let k = 1; k < corrections.length; k++) {
      expect(corrections[k]!.varianceInflation).toBeLessThanOrEqual(corrections[k - 1]!.varianceInflation);
      expect(corrections[k]!.nullWeight).toBeLessThan(corrections[k - 1]!.nullWeight + 1e-15);
    }
  });

  it.each([
    [3, 2],
    [5, 2],
    [20, 4],
  ])('a %i × %i matrix is never sure of a wrong row, and sure once all is known', (R, m) => {
    for (let seed = 0; seed < 3; seed++) {
      const study = checkpointStudy({
        rows: Array.from({ length: R }, (_, i) => i + 1),
        columns: ['a', 'b', 'c', 'd'].slice(0, m),
        seed,
      });
      for (let known = 1; known <= Math.min(R * m, 14); known++) {
        for (const c of study.ask()) study.tell(c, (c.row + 1 - 0.4) ** 2);
        const { row, probability } = study.best();
        const all = known === R * m;
        if (row !== R - 1) expect(probability, `seed ${seed}, ${known} cells`).toBeLessThan(0.6);
        if (!all) expect(probability).toBeLessThanOrEqual(1 - (1 - 1 / R) / (2 + known) + 1e-9);
        if (study.decision().stop) expect(row).toBe(R - 1);
        if (all) expect(probability).toBeCloseTo(1, 9);
        const total = study.posterior().probability.reduce((a, b) => a + b, 0);
        expect(total).toBeCloseTo(1, 9);
      }
    }
  });
});

describe('scores at the limits of numbers', () => {
  const options = { rows: [1, 2, 3, 4], columns: ['a', 'b'], seed: 0 };

  it.each([1e308, -1e308, 1e300, -1.1e150])('refuses %d, naming it and what is allowed', (value) => {
    const study = checkpointStudy(options);
    for (const tell of [
      () => study.tell({ row: 1, column: 'b' }, value),
      () => checkpointStudy({ ...options, scores: Array.from({ length: 4 }, () => [1, value]) }),
    ]) {
      expect(tell).toThrow(InvalidArgumentError);
      expect(tell).toThrow(/column|b\)/);
      expect(tell).toThrow(/-1e150 to 1e150/);
    }
    expect(study.state().cells).toEqual([]);
  });

  it.each([
    ['±1e150', (i: number, j: number) => ((i + j) % 2 ? 1e150 : -1e150)],
    ['tiny ones, then 1e150', (i: number, j: number) => (i < 2 ? 1e-300 * (1 + i + j) : 1e150 / (i + j))],
    ['1e150 that cancel', (i: number) => [1e150, -1e150, 3e-200, 0][i]!],
  ])('answers with numbers for %s', (_, score: (i: number, j: number) => number) => {
    const study = checkpointStudy(options);
    for (let k = 0; k < 8; k++) {
      for (const c of study.ask()) study.tell(c, score(c.row, c.column));
      const { mean, standardDeviation, probability } = study.best();
      const decision = study.decision();
      for (const v of [mean, standardDeviation, probability, decision.probability, decision.expectedRegret])
        expect(Number.isFinite(v), `${v} after ${k + 1}`).toBe(true);
    }
  });
});
