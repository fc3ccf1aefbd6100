import { describe, expect, it } from 'vitest';
import { prunedValues } from './pruned-values.ts';
import type { Trial } from './trial.ts';

const trial = (
  number: number,
  values: readonly number[],
  state: 'complete' | 'pruned' | 'running',
): Trial => {
  const shared = { number, params: {}, reports: values.map((value, i) => ({ step: i + 1, value })) };
  return state === 'complete' ? { ...shared, state, value: values.at(-1)! } : { ...shared, state };
};

describe('prunedValues', () => {
  // From step 2 the complete trials change by −1, −2 and −6.
  const complete = [
    trial(0, [9, 5, 4], 'complete'),
    trial(1, [9, 7, 5], 'complete'),
    trial(2, [9, 9, 3], 'complete'),
  ];
  it('adds the median change of the complete trials, with its spread', () => {
    const values = prunedValues([...complete, trial(3, [9, 8], 'pruned')], 'minimize');
    // |change − median| is 1, 0 and 4.
    expect([...values]).toEqual([[3, { value: 6, standardError: 1.4826 }]]);
  });
  it('expects no better value than the best complete one', () => {
    expect(prunedValues([...complete, trial(3, [9, 4], 'pruned')], 'minimize').get(3)?.value).toBe(3);
    const mirrored = complete.map((t) => ({
      ...t,
      value: -(t as { value: number }).value,
      reports: t.reports.map(({ step, value }) => ({ step, value: -value })),
    })) as Trial[];
    expect(prunedValues([...mirrored, trial(3, [-9, -4], 'pruned')], 'maximize').get(3)?.value).toBe(-3);
    expect(prunedValues([...mirrored, trial(3, [-9, -8], 'pruned')], 'maximize').get(3)?.value).toBe(-6);
  });
  it('takes the last report by the step where there is none at it', () => {
    const sparse: Trial = {
      ...complete[0]!,
      reports: [
        { step: 5, value: 6 },
        { step: 9, value: 4 },
      ],
    };
    const at = (step: number): Trial => ({ ...trial(3, [], 'pruned'), reports: [{ step, value: 8 }] });
    expect(prunedValues([sparse, at(8)], 'minimize').get(3)).toEqual({ value: 6, standardError: 0 });
    expect(prunedValues([sparse, at(4)], 'minimize').size).toBe(0);
  });
  it('has nothing without reports, and without a complete trial', () => {
    const other = [trial(3, [], 'pruned'), trial(4, [1], 'running')];
    expect(prunedValues([...complete, ...other], 'minimize').size).toBe(0);
    expect(prunedValues([trial(3, [1], 'pruned')], 'minimize').size).toBe(0);
    const infinite = { ...complete[0]!, value: Infinity } as Trial;
    expect(prunedValues([infinite, trial(3, [1], 'pruned')], 'minimize').size).toBe(0);
  });
});
