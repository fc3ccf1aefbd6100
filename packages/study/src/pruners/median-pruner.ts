import { InvalidArgumentError, type Pruner } from '@foothold/core';
import { curveOf } from './curve.ts';

/**
 * The median rule (Golovin et al. 2017, "Google Vizier", §3.2.1, in the form with best values): a trial ends when the
 * best value that it has reported by its last step is worse than the median of what the complete trials had
 * reported as their best by that step.
 *
 * `startup` complete trials with a report by that step are needed first (5); before step `warmup` (0) nothing ends.
 * Throws InvalidArgumentError for numbers below 0.
 */
export function medianPruner(options: { readonly startup?: number; readonly warmup?: number } = {}): Pruner {
  const { startup = 5, warmup = 0 } = options;
  for (const [name, value] of Object.entries({ startup, warmup }))
    if (!(value >= 0)) throw new InvalidArgumentError(name, value, 'a number from 0');
  return {
    prune(trial, others, direction) {
      const own = curveOf(trial, direction);
      const step = own.at(-1)?.step;
      if (step === undefined || step < warmup) return false;
      const bests = others
        .filter((other) => other.state === 'complete')
        .map((other) => bestBy(curveOf(other, direction), step))
        .filter((best) => best > -Infinity)
        .sort((a, b) => a - b);
      if (bests.length < Math.max(startup, 1)) return false;
      return bestBy(own, step) < medianOf(bests);
    },
  };
}

function bestBy(curve: readonly { step: number; value: number }[], step: number): number {
  let best = -Infinity;
  for (const report of curve) if (report.step <= step && report.value > best) best = report.value;
  return best;
}

function medianOf(sorted: readonly number[]): number {
  const middle = sorted.length >> 1;
  return sorted.length % 2 === 1 ? sorted[middle]! : (sorted[middle - 1]! + sorted[middle]!) / 2;
}
