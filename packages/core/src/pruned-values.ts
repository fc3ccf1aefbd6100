import type { Direction, Trial } from './trial.ts';

/** What the value of a pruned trial would have been. */
export interface PrunedValue {
  /** In the units and direction of the study. */
  readonly value: number;
  /** Standard deviation of what is not known of it; 0 where it cannot be estimated. */
  readonly standardError: number;
}

/** From the median absolute deviation of a Gaussian to its standard deviation. */
const toStandardDeviation = 1.4826;

/**
 * The expected values of the pruned trials, by number: the last report plus the median change that the complete trials made from
 * that step to their values, at best the best complete value. Its standard error is that of these changes, from their median
 * absolute deviation. A pruned trial is left out where no complete trial reported by that step.
 */
export function prunedValues(
  trials: readonly Trial[],
  direction: Direction,
): ReadonlyMap<number, PrunedValue> {
  const pruned = trials.filter(({ state, reports }) => state === 'pruned' && reports.length > 0);
  const values = new Map<number, PrunedValue>();
  if (pruned.length === 0) return values;
  const complete = trials.flatMap((trial) =>
    trial.state === 'complete' && Number.isFinite(trial.value) ? [trial] : [],
  );
  const better = direction === 'minimize' ? Math.min : Math.max;
  const worse = direction === 'minimize' ? Math.max : Math.min;
  const best = complete.map(({ value }) => value).reduce((a, b) => better(a, b), worse(-Infinity, Infinity));
  const known = new Map<number, PrunedValue | undefined>();
  const changeFrom = (step: number) => {
    if (!known.has(step)) known.set(step, changeBetween(complete, step));
    return known.get(step);
  };
  for (const { number, reports } of pruned) {
    const last = reports.at(-1)!;
    const change = changeFrom(last.step);
    if (!change) continue;
    const value = worse(last.value + change.value, best);
    if (Number.isFinite(value)) values.set(number, { value, standardError: change.standardError });
  }
  return values;
}

/** Median and spread of what the values differ by from the last report by this step; undefined where there is none. */
function changeBetween(
  complete: readonly (Trial & { readonly state: 'complete' })[],
  step: number,
): PrunedValue | undefined {
  const changes = complete.flatMap(({ value, reports }) => {
    const then = lastBy(reports, step);
    return then === undefined ? [] : [value - then];
  });
  if (changes.length === 0) return undefined;
  const value = medianOf(changes);
  const spread = medianOf(changes.map((change) => Math.abs(change - value)));
  return { value, standardError: toStandardDeviation * spread };
}

/** The value of the report with the largest step up to this one. */
function lastBy(reports: Trial['reports'], step: number): number | undefined {
  let last: Trial['reports'][number] | undefined;
  for (const report of reports) if (report.step <= step && !(last && last.step > report.step)) last = report;
  return last?.value;
}

function medianOf(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  const middle = sorted.length >> 1;
  return sorted.length % 2 === 1 ? sorted[middle]! : sorted[middle - 1]! / 2 + sorted[middle]! / 2;
}
