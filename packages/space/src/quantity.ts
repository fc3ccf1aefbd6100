import type { Domain } from './domain.ts';

/** A column whose values are numbers. */
export interface Quantity {
  /** Smallest and largest value. */
  readonly low: number;
  readonly high: number;
  readonly log: boolean;
  /** Number of values; Infinity for real parameters. */
  readonly count: number;
  /** Distance between neighbours, where it is everywhere the same. */
  readonly step: number | undefined;
  /** Value number `rank` in ascending order, from 0; of real parameters only low. */
  ranked(rank: number): number;
}

/** The numbers of a domain; undefined where it has other values. */
export function quantityOf(domain: Domain): Quantity | undefined {
  const { description, column } = domain;
  if (description.type === 'real' || description.type === 'int') {
    const { low } = description;
    const log = description.log === true;
    if (column.kind === 'continuous')
      return { low, high: description.high, log, count: Infinity, step: undefined, ranked: () => low };
    const step = description.step ?? 1;
    const high = domain.valueAt(1) as number;
    const ranked = (rank: number) => Math.min(low + rank * step, high);
    return { low, high, log, count: domain.levels, step, ranked };
  }
  const values = [...description.choices]
    .filter((choice): choice is number => typeof choice === 'number')
    .sort((a, b) => a - b);
  if (values.length === 0 || values.length < description.choices.length) return undefined;
  const ranked = (rank: number) => values[rank]!;
  return {
    low: values[0]!,
    high: values.at(-1)!,
    log: false,
    count: values.length,
    step: undefined,
    ranked,
  };
}

/** Coordinate on a line from low to high that stands for the value; log where the quantity is a real one on a logarithmic scale. */
export function positionOf(quantity: Quantity, value: number): number {
  const { low, high } = quantity;
  if (!(high > low)) return 0.5;
  if (isLogarithmic(quantity)) return logOfRatio(value, low) / logOfRatio(high, low);
  const span = high - low;
  return span < Infinity ? (value - low) / span : (value / 2 - low / 2) / (high / 2 - low / 2);
}

/** The value at a position: the inverse of `positionOf`, with the ends exact. */
export function numberAt(quantity: Quantity, position: number): number {
  const { low, high } = quantity;
  if (position <= 0) return low;
  if (position >= 1) return high;
  const value = isLogarithmic(quantity)
    ? grown(low, position * logOfRatio(high, low))
    : high - low < Infinity
      ? low + position * (high - low)
      : low * (1 - position) + high * position;
  return Math.min(Math.max(value, low), high);
}

/** ∂value/∂position, at most the largest finite number. */
export function slopeAt(quantity: Quantity, position: number): number {
  const { low, high } = quantity;
  const slope = isLogarithmic(quantity)
    ? numberAt(quantity, Math.min(Math.max(position, 0), 1)) * logOfRatio(high, low)
    : high - low;
  return Math.min(slope, Number.MAX_VALUE);
}

/** ln(a / b) for a ≥ b > 0, also where the ratio overflows. */
function logOfRatio(a: number, b: number): number {
  const ratio = a / b;
  return ratio < Infinity ? Math.log(ratio) : Math.log(a) - Math.log(b);
}

function isLogarithmic({ log, count }: Quantity): boolean {
  return log && count === Infinity;
}

/** value · e^exponent without an overflow on the way: e^x alone overflows from x ≈ 709 on. */
function grown(value: number, exponent: number): number {
  const factor = Math.exp(exponent);
  if (factor < Infinity) return value * factor;
  const half = Math.exp(exponent / 2);
  return value * half * half;
}
