/**
 * Nearest values that keep linear constraints: Euclidean projection onto the intersection of a box and slabs, in the
 * coordinates of the unit cube, by Dykstra's method (Boyle, Dykstra 1986, "A Method for Finding Projections onto the
 * Intersection of Convex Sets in Hilbert Spaces"), each slab with the box in closed form up to one multiplier.
 *
 * p  position of a quantity: 0 at low, 1 at high
 * θ  multiplier of a slab: its projection is clip(p + θ·w·∂value/∂p), whose sum grows with θ
 */
import { numberAt, positionOf, type Quantity, slopeAt } from './quantity.ts';

/** A row over the quantities that may move: lower ≤ Σ weight · value ≤ upper. */
export interface Slab {
  readonly weights: Float64Array;
  readonly lower: number;
  readonly upper: number;
  readonly scale: number;
}

/** Cycles over the slabs. */
const maxCycles = 2000;
/** A sum this close to its bound, relative to its largest term, is on it. */
const reached = 2 ** -50;
/** A sum that stays further off than this is not to be had. */
const accepted = 1e-10;

/** Values near the given positions that keep all slabs; undefined where there are none. */
export function projectNumbers(
  quantities: readonly Quantity[],
  positions: Float64Array,
  given: readonly Slab[],
): Float64Array | undefined {
  const slabs = given.map(inRange);
  if (slabs.some((slab) => misses(quantities, slab))) return undefined;
  let at: Float64Array = positions.map((p) => Math.min(Math.max(p, 0), 1));
  const corrections = slabs.map(() => new Float64Array(positions.length));
  let gap = gapOf(quantities, at, slabs);
  for (let cycle = 0; cycle < maxCycles && gap > reached; cycle++) {
    slabs.forEach((slab, r) => {
      const from = at.map((p, i) => p + corrections[r]![i]!);
      at = ontoSlab(quantities, from, slab);
      corrections[r] = from.map((p, i) => p - at[i]!);
    });
    const next = gapOf(quantities, at, slabs);
    // One slab is reached at once, or never.
    if (slabs.length === 1 && next > reached && cycle > 0) break;
    gap = next;
  }
  // Not ">": the sums of numbers that overflow on the way are NaN.
  if (!(gapOf(quantities, at, slabs) <= accepted)) return undefined;
  const values = Float64Array.from(at, (p, i) => numberAt(quantities[i]!, p));
  return slabs.length === 1 ? settled(quantities, values, slabs[0]!) : values;
}

/** A slab whose scale is outside of [1/wide, wide] is multiplied by a power of two, so that products of two terms are finite and not 0. */
const wide = 2 ** 400;
const factor = 2 ** 600;

function inRange(slab: Slab): Slab {
  const { weights, lower, upper, scale } = slab;
  const by = scale > wide ? 1 / factor : scale < 1 / wide ? factor : 1;
  if (by === 1) return slab;
  return { weights: weights.map((w) => w * by), lower: lower * by, upper: upper * by, scale: scale * by };
}

/** Whether the whole box is outside a slab: no step of the method would change that. */
function misses(quantities: readonly Quantity[], { weights, lower, upper, scale }: Slab): boolean {
  const end = (pick: (a: number, b: number) => number) =>
    quantities.reduce((sum, { low, high }, i) => sum + pick(weights[i]! * low, weights[i]! * high), 0);
  return lower - end(Math.max) > accepted * scale || end(Math.min) - upper > accepted * scale;
}

/** How far the worst sum is outside its bounds, relative to its scale. */
function gapOf(quantities: readonly Quantity[], at: Float64Array, slabs: readonly Slab[]): number {
  let worst = 0;
  for (const { weights, lower, upper, scale } of slabs) {
    const sum = at.reduce((total, p, i) => total + weights[i]! * numberAt(quantities[i]!, p), 0);
    worst = Math.max(worst, (lower - sum) / scale, (sum - upper) / scale);
  }
  return worst;
}

/** The projection onto one slab and the box: the slab's nearer bound where the point is outside. */
function ontoSlab(quantities: readonly Quantity[], from: Float64Array, slab: Slab): Float64Array {
  const { weights, lower, upper, scale } = slab;
  const direction = from.map((p, i) => weights[i]! * slopeAt(quantities[i]!, p));
  const moved = (theta: number) => from.map((p, i) => Math.min(Math.max(p + theta * direction[i]!, 0), 1));
  const sumAt = (at: Float64Array) =>
    at.reduce((total, p, i) => total + weights[i]! * numberAt(quantities[i]!, p), 0);
  const here = moved(0);
  const sum = sumAt(here);
  const target = sum < lower ? lower : sum > upper ? upper : undefined;
  if (target === undefined) return here;
  let [low, high] = [0, 0];
  direction.forEach((d, i) => {
    if (d === 0) return;
    for (const end of [-from[i]! / d, (1 - from[i]!) / d]) {
      low = Math.min(low, end);
      high = Math.max(high, end);
    }
  });
  let theta = 0;
  let at = here;
  for (let k = 0; k < 200; k++) {
    const gap = sumAt(at) - target;
    if (Math.abs(gap) <= 2 ** -52 * scale) break;
    if (gap > 0) high = theta;
    else low = theta;
    const slope = at.reduce(
      (total, p, i) =>
        p > 0 && p < 1 ? total + weights[i]! * direction[i]! * slopeAt(quantities[i]!, p) : total,
      0,
    );
    const newton = theta - gap / slope;
    theta = newton > low && newton < high ? newton : low / 2 + high / 2;
    at = moved(theta);
    if (!(high - low > 2 ** -52 * Math.max(Math.abs(low), Math.abs(high)))) break;
  }
  return at;
}

/** Digits of a value that carry more than rounding. */
const digits = 12;

/**
 * The values with fewer digits where that is nothing but rounding, and the sum of a slab exact: the one with most room
 * takes what is left. So the same point comes out wherever the search for it began.
 */
function settled(quantities: readonly Quantity[], values: Float64Array, slab: Slab): Float64Array {
  const { weights, lower, upper, scale } = slab;
  const short = values.map((value, i) => shortened(quantities[i]!, value));
  const sum = values.reduce((total, value, i) => total + weights[i]! * value, 0);
  const bound = Math.abs(sum - lower) <= Math.abs(sum - upper) ? lower : upper;
  if (!(Math.abs(sum - bound) <= 2 ** -40 * scale)) return values;
  let pivot = -1;
  let room = 0;
  short.forEach((value, i) => {
    const { low, high } = quantities[i]!;
    const own = Math.abs(weights[i]!) * Math.min(value - low, high - value);
    if (own > room) {
      room = own;
      pivot = i;
    }
  });
  if (pivot < 0) return values;
  const rest = short.reduce((total, value, i) => (i === pivot ? total : total + weights[i]! * value), 0);
  const { low, high } = quantities[pivot]!;
  const left = (bound - rest) / weights[pivot]!;
  if (!(left >= low && left <= high)) return values;
  short[pivot] = left;
  return short;
}

function shortened(quantity: Quantity, value: number): number {
  const { low, high, log } = quantity;
  if (value === low || value === high) return value;
  const decimals = digits - Math.ceil(Math.log10(high - low));
  const short = log
    ? Number(value.toPrecision(digits))
    : decimals >= 0 && decimals <= 100
      ? Number(value.toFixed(decimals))
      : value;
  return short > low && short < high && positionOf(quantity, short) > 0 ? short : value;
}
