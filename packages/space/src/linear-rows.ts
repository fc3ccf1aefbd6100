/** Linear constraints as rows over the columns of a space, and which of them leave no volume to sample in. */
import { largestOf, smallestOf } from '@foothold/core';
import type { LinearConstraint } from './constraint.ts';
import type { Domain } from './domain.ts';
import { type Quantity, quantityOf } from './quantity.ts';

/** lower ≤ Σ weight · value ≤ upper over the active parameters. */
export interface LinearRow {
  /** One a column, 0 where the parameter takes no part; d. */
  readonly weights: Float64Array;
  readonly lower: number;
  readonly upper: number;
  /** Largest size that a term can have: roundings of the sum are relative to it. */
  readonly scale: number;
  /** The sum in words. */
  readonly text: string;
}

/** A row that leaves less than this share of its sum's range is met by projection, not by trying points. */
const thinShare = 0.01;

/** Columns as numbers, and the linear constraints as rows over them. */
export interface LinearSystem {
  /** Undefined where a column has values that are not numbers; d. */
  readonly quantities: readonly (Quantity | undefined)[];
  readonly rows: readonly LinearRow[];
}

/**
 * The rows of these constraints where at least one of them is thin: an equality, or bounds that leave less than a hundredth
 * of what the sum can be. Undefined where none is: points tried at random keep such constraints often enough. Constraints
 * whose weights are multiples of each other become one row.
 */
export function thinSystem(
  domains: readonly Domain[],
  constraints: readonly LinearConstraint[],
): LinearSystem | undefined {
  const quantities = domains.map(quantityOf);
  const merged = new Map<string, LinearRow>();
  for (const constraint of constraints) {
    const row = rowOf(constraint, domains, quantities);
    const first = row.weights.find((weight) => weight !== 0) ?? 1;
    const key = row.weights.map((weight) => Number((weight / first).toPrecision(12))).join();
    const other = merged.get(key);
    merged.set(key, other ? both(other, row) : row);
  }
  const rows = [...merged.values()];
  return rows.some((row) => isThin(row, quantities, domains)) ? { quantities, rows } : undefined;
}

/** The first row with the bounds of both; their weights are multiples of each other. */
function both(row: LinearRow, other: LinearRow): LinearRow {
  const j = row.weights.findIndex((weight) => weight !== 0);
  const factor = j < 0 ? 1 : row.weights[j]! / other.weights[j]!;
  const ends = [other.lower * factor, other.upper * factor];
  return {
    ...row,
    lower: Math.max(row.lower, smallestOf(ends)),
    upper: Math.min(row.upper, largestOf(ends)),
  };
}

function rowOf(
  { terms, atLeast = -Infinity, atMost = Infinity }: LinearConstraint,
  domains: readonly Domain[],
  quantities: readonly (Quantity | undefined)[],
): LinearRow {
  const weights = Float64Array.from(domains, ({ name }) => (Object.hasOwn(terms, name) ? terms[name]! : 0));
  const sizes = quantities.map((q, j) =>
    q ? Math.abs(weights[j]!) * Math.max(Math.abs(q.low), Math.abs(q.high)) : 0,
  );
  const bounds = [atLeast, atMost].filter(Number.isFinite).map(Math.abs);
  const names = domains.flatMap(({ name }, j) => (weights[j] === 0 ? [] : [`${weights[j]}·${name}`]));
  return {
    weights,
    lower: atLeast,
    upper: atMost,
    scale: largestOf([...sizes, ...bounds]) || 1,
    text: names.join(' + '),
  };
}

function isThin(
  row: LinearRow,
  quantities: readonly (Quantity | undefined)[],
  domains: readonly Domain[],
): boolean {
  let least = 0;
  let most = 0;
  quantities.forEach((q, j) => {
    const weight = row.weights[j]!;
    if (!q || weight === 0) return;
    const ends = [weight * q.low, weight * q.high, ...(domains[j]!.description.when ? [0] : [])];
    least += smallestOf(ends);
    most += largestOf(ends);
  });
  const width = Math.min(row.upper, most) - Math.max(row.lower, least);
  return most > least && width < thinShare * (most - least);
}

/** The row as a person would write it. */
export function boundsText({ text, lower, upper }: LinearRow): string {
  if (lower === upper) return `${text} = ${lower}`;
  return `${Number.isFinite(lower) ? `${lower} ≤ ` : ''}${text}${Number.isFinite(upper) ? ` ≤ ${upper}` : ''}`;
}
