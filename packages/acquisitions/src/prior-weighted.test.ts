import { matrix, seeded } from '@foothold/core';
import { expect, it } from 'vitest';
import { costWeighted } from './cost-weighted.ts';
import { logExpectedImprovement } from './log-expected-improvement.ts';
import { priorWeighted } from './prior-weighted.ts';
import { upperConfidenceBound } from './upper-confidence-bound.ts';

const posterior = { marginals: () => ({ mean: Float64Array.of(1, 2), variance: Float64Array.of(4, 9) }) };
const bell = (x: { readonly rows: number; readonly data: Float64Array }) =>
  Float64Array.from({ length: x.rows }, (_, i) => -8 * (x.data[2 * i]! - 0.3) ** 2 - x.data[2 * i + 1]!);
const x = matrix(2, 2, Float64Array.of(0.1, 0.5, 0.7, 0.2));

it('adds the log prior, by a weight that falls with the number of observations', async () => {
  for (const n of [1, 5, 50]) {
    const belief = { posterior, data: { x: matrix(n, 2), y: new Float64Array(n) }, rng: seeded(0) };
    const plain = (await upperConfidenceBound().prepare(belief))(posterior.marginals(), x);
    const shifted = (
      await priorWeighted(upperConfidenceBound(), { logPrior: bell, strength: 5 }).prepare(belief)
    )(posterior.marginals(), x);
    const prior = bell(x);
    for (let i = 0; i < 2; i++) {
      expect(shifted.value[i]).toBeCloseTo(plain.value[i]! + (5 / n) * prior[i]!, 12);
      expect(shifted.dInputs!.data[2 * i]).toBeCloseTo((-16 * 5 * (x.data[2 * i]! - 0.3)) / n, 6);
      expect(shifted.dInputs!.data[2 * i + 1]).toBeCloseTo(-5 / n, 6);
    }
    expect(shifted.dMean).toEqual(plain.dMean);
  }
});

it('names the strength that it cannot take', () => {
  expect(() => priorWeighted(upperConfidenceBound(), { logPrior: bell, strength: 0 })).toThrow(
    /strength is 0/,
  );
});

it('looks at a term inside of the cube alone, and for a gradient only where it is wanted', async () => {
  let rows = 0;
  // Not defined below 0.
  const logCost = (at: { readonly rows: number; readonly data: Float64Array }) => {
    rows += at.rows;
    return Float64Array.from(
      { length: at.rows },
      (_, i) => Math.sqrt(at.data[2 * i]!) + 3 * at.data[2 * i + 1]!,
    );
  };
  const data = { x: matrix(2, 2), y: Float64Array.of(0, 1) };
  const acquisition = costWeighted(logExpectedImprovement(), { logCost });
  const utility = await acquisition.prepare({ posterior, data, rng: seeded(0) });
  const border = matrix(2, 2, Float64Array.of(0, 1, 0.25, 0));
  const { dInputs } = utility(posterior.marginals(), border);
  expect(Number.isFinite(dInputs!.data[0]!)).toBe(true);
  expect(dInputs!.data[1]).toBeCloseTo(-3, 6);
  expect(dInputs!.data[2]).toBeCloseTo(-1, 6);
  expect(dInputs!.data[3]).toBeCloseTo(-3, 6);
  rows = 0;
  const plain = utility(posterior.marginals(), border, { gradient: false });
  expect(rows).toBe(2);
  expect(plain.value).toEqual(utility(posterior.marginals(), border).value);
});

it('names a term that is no finite number at each point', async () => {
  const acquisition = logExpectedImprovement();
  expect(() => costWeighted(acquisition, {} as never)).toThrow('logCost is undefined, allowed is a function');
  const belief = { posterior, data: { x: matrix(1, 2), y: new Float64Array(1) }, rng: seeded(0) };
  for (const [term, says] of [
    [() => new Float64Array(1), 'a number for each of the 2 points'],
    [() => Float64Array.of(0, -Infinity), 'logPrior is -Infinity, allowed is a finite number'],
  ] as const) {
    const utility = await priorWeighted(acquisition, { logPrior: term }).prepare(belief);
    expect(() => utility(posterior.marginals(), x)).toThrow(says);
  }
});
