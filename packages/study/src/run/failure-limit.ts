import type { Trial } from '@foothold/core';

/** Failures in the same way, at the very start of a study, that show that the objective itself is wrong. */
const firstFailures = 5;

/** Counts failures in a row. */
export interface FailureLimit {
  /** A trial has ended. Returns why the run is to stop, or nothing. */
  ended(trial: Trial): string | undefined;
}

/**
 * Says when a run is to stop because of failures.
 *
 * @param max failures in a row, in any way, that stop a run; absent: five in the same way, before any trial completes
 * @param hasComplete whether the study has a complete trial already
 * @param advice what to do after five at the start, for the message
 */
export function failureLimit({
  max,
  hasComplete,
  advice,
}: {
  readonly max?: number | undefined;
  readonly hasComplete: boolean;
  readonly advice?: string | undefined;
}): FailureLimit {
  let row: string[] = [];
  let proven = hasComplete;
  return {
    ended(trial) {
      if (trial.state !== 'failed') {
        row = [];
        proven = true;
        return undefined;
      }
      row.push(trial.reason);
      if (max !== undefined)
        return row.length >= max
          ? `${row.length} trials in a row failed, the last one: ${row.at(-1)}`
          : undefined;
      const first = kindOf(row[0]!);
      if (proven || row.length < firstFailures || row.some((reason) => kindOf(reason) !== first))
        return undefined;
      const message = `the first ${row.length} trials failed in the same way: ${row.at(-1)}`;
      return advice === undefined ? message : `${message}; ${advice}`;
    },
  };
}

/** The reason without the figures that differ from trial to trial. */
function kindOf(reason: string): string {
  return reason.replaceAll(/[-+]?\d[\w.+-]*/g, '#');
}
