import { boundsText, type LinearRow } from './linear-rows.ts';
import type { Slab } from './project-numbers.ts';
import type { Quantity } from './quantity.ts';

/** Decimals of weights and steps up to which a common divisor is looked for. */
const maxDecimals = 9;

/**
 * Why values with steps keep no row: all sums of one of them are multiples of a step that miss its bounds, or, without
 * such a row, that none was found.
 */
export function noSolution(
  rows: readonly LinearRow[],
  slabs: readonly Slab[],
  quantities: readonly Quantity[],
): string {
  for (const [r, row] of rows.entries()) {
    const { weights, lower, upper } = slabs[r]!;
    const moving = quantities.filter((_, i) => weights[i] !== 0);
    if (moving.some(({ step }) => step === undefined)) continue;
    const steps = quantities.flatMap(({ step }, i) => (weights[i] === 0 ? [] : [weights[i]! * step!]));
    const divisor = commonDivisor(steps);
    const first = quantities.reduce((sum, { low }, i) => sum + weights[i]! * low, 0);
    if (divisor === undefined || steps.length === 0) continue;
    const below = first + Math.floor((upper - first) / divisor + 1e-9) * divisor;
    if (below >= lower - 1e-9 * divisor || !Number.isFinite(below)) continue;
    const held = Number.isFinite(row.upper) ? row.upper - upper : row.lower - lower;
    const [near, next] = [below + held, below + held + divisor].map((v) => Number(v.toPrecision(12)));
    return `${boundsText(row)} has no solution: the nearest sums are ${near} and ${next}`;
  }
  return `${rows.map(boundsText).join(', ')}: no solution was found with whole numbers and steps`;
}

/** The largest number that all of these are multiples of; undefined where they have too many decimals. */
function commonDivisor(values: readonly number[]): number | undefined {
  for (let decimals = 0; decimals <= maxDecimals; decimals++) {
    const scaled = values.map((value) => Math.abs(value) * 10 ** decimals);
    const whole = scaled.map(Math.round);
    if (scaled.every((v, i) => v <= 2 ** 53 && Math.abs(v - whole[i]!) <= 1e-9 * Math.max(v, 1)))
      return whole.reduce(gcd, 0) / 10 ** decimals;
  }
  return undefined;
}

function gcd(a: number, b: number): number {
  return b === 0 ? a : gcd(b, a % b);
}
