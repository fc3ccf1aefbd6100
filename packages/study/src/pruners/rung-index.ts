import type { Goal, PruningIndex } from '@foothold/core';
import { type Curve, curves } from './curve.ts';
import { type SortedValues, sortedValues } from './sorted-values.ts';

/** Rungs with all their options. */
export interface Rungs {
  readonly minResource: number;
  readonly reductionFactor: number;
  readonly maxResource: number;
  /** The first rung at which the trial of this number may end; it counts for others at those before too. */
  firstRung(number: number): number;
}

/** Which trials have arrived at each rung, and with what. */
export function rungIndex(goal: Goal, rungs: Rungs): PruningIndex {
  const { minResource, reductionFactor, maxResource } = rungs;
  const running = curves(goal);
  const arrivals: SortedValues[] = [];
  /** What trials that may run again, or are running, have at each rung. */
  const own = new Map<number, number[]>();
  const rungStep = (rung: number) => minResource * reductionFactor ** rung;
  const leave = (number: number) => {
    for (const [rung, score] of (own.get(number) ?? []).entries()) arrivals[rung]!.remove(score);
    own.delete(number);
  };
  const arrive = (number: number, curve: Curve) => {
    const scores = own.get(number) ?? [];
    own.set(number, scores);
    for (let rung = scores.length; rungStep(rung) <= curve.last; rung++) {
      const score = firstFrom(curve, rungStep(rung));
      scores.push(score);
      arrivals[rung] ??= sortedValues();
      arrivals[rung]!.add(score);
    }
  };
  return {
    reported: ({ number }, report) => {
      const known = running.get(number)?.last ?? -1;
      const curve = running.add(number, report);
      // A report of an earlier step may be the first one of a rung.
      if (report.step < known) leave(number);
      arrive(number, curve);
    },
    ended: ({ number, state }) => {
      running.take(number);
      if (state !== 'failed') own.delete(number);
    },
    restarted: ({ number }) => {
      running.take(number);
      leave(number);
    },
    prune: ({ number }) => {
      const curve = running.get(number);
      const scores = own.get(number);
      if (!curve || !scores || scores.length === 0) return false;
      const rung = scores.length - 1;
      if (rung < rungs.firstRung(number)) return false;
      // It is judged when it arrives.
      if (rungStep(rung) > maxResource || curve.previous >= rungStep(rung)) return false;
      const { size } = arrivals[rung]!;
      const better = arrivals[rung]!.above(scores[rung]!);
      return better >= Math.max(1, Math.floor(size / reductionFactor));
    },
  };
}

/** The value of the first report at or after this step. */
function firstFrom({ values, last }: Curve, from: number): number {
  let step = last;
  for (const at of values.keys()) if (at >= from && at < step) step = at;
  return values.get(step)!;
}
