import { describe, expect, it } from 'vitest';
import { bestOf, comparisonOf, evaluationsUntil, type NetworkTrial, summaryOf } from './summary.ts';

const params = { dropout: 0.3, learningRate: 0.0012, convolutionKernel: 5, poolingKernel: 2 };
/** Complete trials with these errors; NaN stands for a failed one. */
const trials = (...errors: number[]): NetworkTrial[] =>
  errors.map((value, number) => ({
    number,
    params,
    reports: [],
    ...(Number.isNaN(value)
      ? { state: 'failed', reason: 'impossible shape' }
      : { state: 'complete', value, metrics: { seconds: 2 } }),
  }));

describe('the summary', () => {
  it('takes the earliest of the best trials, and none where all failed', () => {
    expect(bestOf(trials(0.5, 0.2, Number.NaN, 0.2))?.number).toBe(1);
    expect(bestOf(trials(Number.NaN))).toBeUndefined();
  });

  it('counts failed evaluations on the way to an error', () => {
    expect(evaluationsUntil(trials(0.5, Number.NaN, 0.2), 0.2)).toBe(3);
    expect(evaluationsUntil(trials(0.5), 0.2)).toBeUndefined();
  });

  it('says after how many evaluations the cold start was matched, or that it was not', () => {
    const matched = { small: [], large: trials(0.3, 0.2), cold: trials(0.5, 0.4, 0.25) };
    expect(comparisonOf(matched)).toEqual([
      "The cold start's best (25.0 %, found at evaluation 3 of 3) was matched at evaluation 2 of 2 after the small network.",
    ]);
    expect(comparisonOf({ ...matched, cold: trials(0.1) }).join()).toContain(
      'was not matched in 2 evaluations',
    );
    expect(comparisonOf({ ...matched, cold: trials(Number.NaN) }).join()).toContain('No comparison');
    expect(comparisonOf({ small: [], large: [] })).toEqual([]);
  });

  it('has a row for each stage', () => {
    const lines = summaryOf({ small: trials(0.4), large: trials(0.3, Number.NaN), cold: trials(Number.NaN) });
    expect(lines.find((line) => line.startsWith('large, after'))).toMatch(
      /30\.0 %\s+2\s+1\s+1\s+2 {2}dropout 0\.30/,
    );
    expect(lines.find((line) => line.startsWith('large, cold'))).toContain('no trial is complete');
  });
});
