import { describe, expect, it } from 'vitest';
import { datasetOf, outliersOf } from './dataset-of.ts';
import type { SearchSpace } from './search-space.ts';
import type { Outcome, Trial } from './trial.ts';

const space: SearchSpace<{ x: number }> = {
  columns: [{ kind: 'continuous', name: 'x' }],
  encode: ({ x }) => Float64Array.of(x),
  decode: (point) => ({ x: point[0]! }),
};
const trials = (...outcomes: readonly (Outcome | { state: 'running' })[]): readonly Trial<{ x: number }>[] =>
  outcomes.map((outcome, number) => ({ number, params: { x: number / 10 }, reports: [], ...outcome }));
const complete = (value: number, standardError?: number): Outcome => ({
  state: 'complete',
  value,
  ...(standardError === undefined ? {} : { standardError }),
});

describe('datasetOf', () => {
  it('turns the sign of what is minimized, and only of that', () => {
    expect(datasetOf(space, trials(complete(3), complete(-1)), 'minimize').y).toEqual(Float64Array.of(-3, 1));
    expect(datasetOf(space, trials(complete(3), complete(-1)), 'maximize').y).toEqual(Float64Array.of(3, -1));
  });
  it('takes a pruned trial with its expected value and known noise', () => {
    const reports = (...values: number[]) => values.map((value, i) => ({ step: i + 1, value }));
    const [a, b, c] = trials(complete(1), complete(3), { state: 'pruned' });
    const data = datasetOf(
      space,
      [
        { ...a!, reports: reports(2, 1) },
        { ...b!, reports: reports(8, 3) },
        { ...c!, reports: reports(9) },
      ],
      'minimize',
    );
    // The changes from step 1 are −1 and −5: −3 ± 2.
    expect(data.y).toEqual(Float64Array.of(-1, -3, -6));
    expect(data.noise).toEqual(Float64Array.of(0, 0, (1.4826 * 2) ** 2));
  });
  it('leaves running trials, and pruned ones without reports, out', () => {
    const data = datasetOf(space, trials({ state: 'running' }, complete(1), { state: 'pruned' }), 'maximize');
    expect(data.x.data).toEqual(Float64Array.of(0.1));
  });
  it('counts failed and infinite trials as worse than the worst by a tenth of the range', () => {
    const failed: Outcome = { state: 'failed', reason: 'out of memory' };
    const data = datasetOf(space, trials(complete(0), failed, complete(10), complete(Infinity)), 'minimize');
    expect(data.y).toEqual(Float64Array.of(-0, -11, -10, -11));
    expect(datasetOf(space, trials(failed, failed), 'minimize').y).toEqual(Float64Array.of(0, 0));
  });
  it('stays finite at the end of the number range', () => {
    const failed: Outcome = { state: 'failed', reason: 'x' };
    const { y } = datasetOf(space, trials(complete(1.7e308), complete(-1.7e308), failed), 'maximize');
    for (const v of y) expect(Number.isFinite(v)).toBe(true);
  });
  it('has squared standard errors as noise when one is known', () => {
    expect(datasetOf(space, trials(complete(1)), 'maximize').noise).toBeUndefined();
    expect(datasetOf(space, trials(complete(1), complete(2, 0.5)), 'maximize').noise).toEqual(
      Float64Array.of(0, 0.25),
    );
  });
  it('F5: counts penalties of 1e3 to 1.7e308 as failed, whatever their size, in both directions', () => {
    const failed: Outcome = { state: 'failed', reason: 'out of memory' };
    const regular = [0.5, 0.25, 0.125];
    const told = (penalty: Outcome) => trials(...regular.map((v) => complete(v)), penalty, penalty);
    const expected = datasetOf(space, told(failed), 'minimize');
    for (const size of [1e3, 1e6, 1e10, 1e30, 1e300, 1.7e308]) {
      expect(datasetOf(space, told(complete(size)), 'minimize')).toEqual(expected);
      const mirrored = trials(...regular.map((v) => complete(-v)), complete(-size), complete(-size));
      expect(datasetOf(space, mirrored, 'maximize')).toEqual(expected);
      expect(outliersOf(space, told(complete(size)), 'minimize')).toEqual({
        trials: 2,
        bound: 0.5,
        number: 0,
      });
      expect(outliersOf(space, mirrored, 'maximize')).toEqual({ trials: 2, bound: -0.5, number: 0 });
    }
  });
  it('has no noise at an outlier, whose standard error belongs to another scale', () => {
    const { noise } = datasetOf(
      space,
      trials(complete(0.5, 0.1), complete(0.25, 0.1), complete(0.125, 0.1), complete(1e6, 1e3)),
      'minimize',
    );
    expect(noise![0]).toBeCloseTo(0.01, 12);
    expect(noise![3]).toBe(0);
  });
  it('keeps heavy tails without a gap as they are', () => {
    const values = [1, 5, 60, 700, 8000, 9e4, 1e6];
    const data = datasetOf(space, trials(...values.map((v) => complete(v))), 'minimize');
    expect(data.y).toEqual(Float64Array.from(values, (v) => -v));
    expect(outliersOf(space, trials(...values.map((v) => complete(v))), 'minimize')).toBeUndefined();
  });
});
