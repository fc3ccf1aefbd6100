import type { Goal, Report } from '@foothold/core';

/** What a trial has reported so far. Values are signed so that larger is better. */
export interface Curve {
  readonly values: Map<number, number>;
  /** The largest value. */
  best: number;
  /** The largest step, and the largest step before it; -1 where there is none. */
  last: number;
  previous: number;
}

/** The curves of trials by number. */
export interface Curves {
  get(number: number): Curve | undefined;
  /** Adds a report and returns the trial's curve; of two reports of one step the first counts. */
  add(number: number, report: Report): Curve;
  /** Takes the curve out and returns it. */
  take(number: number): Curve | undefined;
}

/** No curves yet. */
export function curves({ direction }: Pick<Goal, 'direction'>): Curves {
  const all = new Map<number, Curve>();
  const sign = direction === 'maximize' ? 1 : -1;
  return {
    get: (number) => all.get(number),
    add: (number, { step, value }) => {
      let curve = all.get(number);
      if (!curve) {
        curve = { values: new Map(), best: -Infinity, last: -1, previous: -1 };
        all.set(number, curve);
      }
      if (curve.values.has(step)) return curve;
      curve.values.set(step, sign * value);
      curve.best = Math.max(curve.best, sign * value);
      if (step > curve.last) {
        curve.previous = curve.last;
        curve.last = step;
      } else curve.previous = Math.max(curve.previous, step);
      return curve;
    },
    take: (number) => {
      const curve = all.get(number);
      all.delete(number);
      return curve;
    },
  };
}
