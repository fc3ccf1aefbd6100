import { dominates } from '@foothold/core';

/** The first Pareto fronts of points, kept as points come. */
export interface Fronts {
  /** How many points came. */
  readonly size: number;
  add(point: Float64Array): void;
  /** Whether a point of the last front dominates this one: it would be behind all fronts. */
  isBehind(point: Float64Array): boolean;
}

/** @param count of fronts; points behind them are not kept */
export function paretoFronts(count: number): Fronts {
  const fronts: Float64Array[][] = Array.from({ length: count }, () => []);
  let size = 0;
  return {
    get size() {
      return size;
    },
    add: (point) => {
      size++;
      let coming = [point];
      // What a newcomer dominates moves on to the next front, and is then a newcomer there.
      for (let k = fronts.findIndex((front) => !isDominated(point, front)); k >= 0 && k < count; k++) {
        if (coming.length === 0) break;
        const front = fronts[k]!;
        const next = front.filter((other) => isDominated(other, coming));
        fronts[k] = [...front.filter((other) => !isDominated(other, coming)), ...coming];
        coming = next;
      }
    },
    isBehind: (point) => isDominated(point, fronts.at(-1)!),
  };
}

function isDominated(point: Float64Array, by: readonly Float64Array[]): boolean {
  return by.some((other) => dominates(other, point));
}
