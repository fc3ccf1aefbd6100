import { describe, expect, it } from 'vitest';
import { datasetOf } from './dataset-of.ts';
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
  it('leaves running and pruned trials out', () => {
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
});
