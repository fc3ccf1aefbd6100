/**
 * Uniform points of a polytope by hit-and-run along sparse directions (Smith 1984, "Efficient Monte Carlo Procedures for
 * Generating Points Uniformly Distributed Over Bounded Regions"; pairs of coordinates as in Smith 2014, "A Gibbs Sampler
 * on the n-Simplex").
 */
import type { Rng } from '@foothold/core';
import type { Slab } from './project-numbers.ts';
import type { Quantity } from './quantity.ts';

/** Steps a value and equality: pairs mix a simplex in about n·ln n steps (Smith 2014). */
const stepsEach = 30;
/** A slab this thin, relative to its scale, is an equality. */
const equal = 1e-12;

/**
 * The end of a walk from `from`, which keeps all slabs. Uniform over the values; those on a logarithmic scale are uniform
 * in their logarithm. `mixing` is the share of the steps that take it there: with less than 1, the default, it ends nearer to `from`.
 */
export function feasibleWalk(
  quantities: readonly Quantity[],
  from: Float64Array,
  {
    slabs,
    rng,
    mixing = 1,
  }: { readonly slabs: readonly Slab[]; readonly rng: Rng; readonly mixing?: number | undefined },
): Float64Array {
  const at = Float64Array.from(from);
  const n = at.length;
  const equalities = slabs.filter(({ lower, upper, scale }) => upper - lower <= equal * scale);
  const bounded = slabs.filter((slab) => !equalities.includes(slab));
  // Along a thin slab a step goes far only when its sum stays as it is; across it, others are needed.
  const kept = bounded.length > 0 ? [equalities, [...equalities, ...bounded]] : [equalities];
  const steps = Math.ceil(mixing * stepsEach * n * (slabs.length + kept.length - 1));
  for (let step = 0; step < steps; step++) {
    const direction = sparseDirection(kept[step % kept.length]!, n, rng);
    const [low, high] = chord(quantities, at, { direction, slabs: bounded });
    const u = rng.next();
    const t = high - low < Infinity ? low + u * (high - low) : low * (1 - u) + high * u;
    const chance = rng.next();
    if (high > low && chance < densityRatio(quantities, at, { direction, t }))
      follow(quantities, at, { direction, t });
  }
  return at;
}

/** A direction that is 0 in all but a few columns. */
interface SparseDirection {
  readonly columns: readonly number[];
  readonly values: readonly number[];
}

interface Move {
  readonly direction: SparseDirection;
  /** How far along it. */
  readonly t: number;
}

function follow(quantities: readonly Quantity[], at: Float64Array, { direction, t }: Move): void {
  direction.columns.forEach((j, k) => {
    const { low, high } = quantities[j]!;
    at[j] = Math.min(Math.max(at[j]! + t * direction.values[k]!, low), high);
  });
}

/** A direction along which the sums of these slabs do not change, in as few random columns as that takes. */
function sparseDirection(slabs: readonly Slab[], n: number, rng: Rng): SparseDirection {
  const columns: number[] = [];
  while (columns.length < Math.min(slabs.length + 1, n)) {
    const j = Math.floor(rng.next() * n);
    if (!columns.includes(j)) columns.push(j);
  }
  const rows = slabs.map(({ weights }) => columns.map((j) => weights[j]!));
  return { columns, values: nullVector(rows) ?? columns.map(() => 0) };
}

/** A vector that the rows (r×k) map to 0, by Gauss-Jordan elimination; undefined where there is only 0. */
function nullVector(rows: readonly (readonly number[])[]): readonly number[] | undefined {
  const a = rows.map((row) => [...row]);
  const k = a[0]?.length ?? 1;
  const pivots: number[] = [];
  let r = 0;
  for (let column = 0; column < k; column++) {
    let best = r;
    for (let i = r; i < a.length; i++) if (Math.abs(a[i]![column]!) > Math.abs(a[best]![column]!)) best = i;
    if (r === a.length || Math.abs(a[best]![column]!) < 1e-12) {
      const vector = new Array<number>(k).fill(0);
      vector[column] = 1;
      pivots.forEach((pivot, i) => {
        vector[pivot] = -a[i]![column]!;
      });
      return vector;
    }
    [a[r], a[best]] = [a[best]!, a[r]!];
    const head = a[r]![column]!;
    for (let j = 0; j < k; j++) a[r]![j]! /= head;
    for (let i = 0; i < a.length; i++) {
      const factor = a[i]![column]!;
      if (i !== r && factor !== 0) for (let j = 0; j < k; j++) a[i]![j]! -= factor * a[r]![j]!;
    }
    pivots.push(column);
    r++;
  }
  return undefined;
}

/** How far the direction may be followed, back and forth, within the ranges and the slabs. */
function chord(
  quantities: readonly Quantity[],
  at: Float64Array,
  { direction, slabs }: { readonly direction: SparseDirection; readonly slabs: readonly Slab[] },
): readonly [number, number] {
  let [low, high] = [-Infinity, Infinity];
  const limit = (rate: number, room: { readonly down: number; readonly up: number }) => {
    if (rate === 0) return;
    const [a, b] = [room.down / rate, room.up / rate];
    low = Math.max(low, Math.min(a, b));
    high = Math.min(high, Math.max(a, b));
  };
  const { columns, values } = direction;
  columns.forEach((j, k) => {
    limit(values[k]!, { down: quantities[j]!.low - at[j]!, up: quantities[j]!.high - at[j]! });
  });
  for (const { weights, lower, upper } of slabs) {
    const terms = columns.map((j, k) => weights[j]! * values[k]!);
    const rate = terms.reduce((total, term) => total + term, 0);
    const size = terms.reduce((total, term) => total + Math.abs(term), 0);
    if (!(Math.abs(rate) > 1e-12 * size)) continue;
    let sum = 0;
    for (let i = 0; i < at.length; i++) sum += weights[i]! * at[i]!;
    limit(rate, { down: lower - sum, up: upper - sum });
  }
  return Number.isFinite(low) && Number.isFinite(high) ? [low, high] : [0, 0];
}

/** Density after the move over that before it: 1/value for each quantity on a logarithmic scale. */
function densityRatio(quantities: readonly Quantity[], at: Float64Array, { direction, t }: Move): number {
  return direction.columns.reduce(
    (ratio, j, k) => (quantities[j]!.log ? (ratio * at[j]!) / (at[j]! + t * direction.values[k]!) : ratio),
    1,
  );
}
