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
export function positionOf({ low, high, log, count }: Quantity, value: number): number {
  if (!(high > low)) return 0.5;
  return log && count === Infinity
    ? Math.log(value / low) / Math.log(high / low)
    : (value - low) / (high - low);
}

/** The value at a position: the inverse of `positionOf`, with the ends exact. */
export function numberAt({ low, high, log, count }: Quantity, position: number): number {
  if (position <= 0) return low;
  if (position >= 1) return high;
  const value =
    log && count === Infinity
      ? low * Math.exp(position * Math.log(high / low))
      : low + position * (high - low);
  return Math.min(Math.max(value, low), high);
}

/** ∂value/∂position. */
export function slopeAt(quantity: Quantity, position: number): number {
  const { low, high, log, count } = quantity;
  return log && count === Infinity
    ? numberAt(quantity, Math.min(Math.max(position, 0), 1)) * Math.log(high / low)
    : high - low;
}
