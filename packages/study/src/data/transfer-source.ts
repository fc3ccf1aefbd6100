import type { Awaitable, Direction, Goal, Params, Trial } from '@foothold/core';
import type { PastTrial } from '../study-options.ts';

/** An earlier problem to learn from: another dataset, a smaller model, fewer epochs, last month's run. */
export interface TransferSource {
  /** For `why` and reports. Default: its position. */
  readonly name?: string | undefined;
  /** `trials()` of a study, or parameters with values; running trials are left out. */
  readonly trials: readonly PastTrial<Params>[];
  /** Default: that of the new study. */
  readonly direction?: Direction | undefined;
  /** Features of the task (size, classes, …), the same ones for every source; they help to find similar sources. */
  readonly metaFeatures?: readonly number[] | undefined;
  /** Prior weight, 0 to 1; 0 leaves it out. Default: 1. */
  readonly weight?: number | undefined;
  /** What was not read of it where it came from, for `why.unused`: sentences. */
  readonly unused?: readonly string[] | undefined;
}

/** A study as it is, here or on a server: read once, at the first suggestion. */
export interface PastStudy {
  readonly name?: string | undefined;
  readonly goal?: Goal | undefined;
  trials(): Awaitable<readonly Trial[]>;
  /** The trials for another study to learn from, where they were told before an edit: with what it says of the parameters that they lack. Absent: `trials`. */
  pastTrials?(): Awaitable<readonly Trial[]>;
}

/** A study's trials as a source: its value, or the first of its objectives where those do not name the value, beside all metrics. */
export function studySource(
  trials: readonly Trial[],
  { name, goal }: Pick<PastStudy, 'name' | 'goal'>,
): TransferSource {
  const { objectives = [] } = goal ?? {};
  const objective = objectives.find(({ metric }) => metric === 'value') ?? objectives[0];
  const direction = objective?.direction ?? goal?.direction;
  if (!objective || objective.metric === 'value') return { name, trials, direction };
  const { metric } = objective;
  const past = trials.map((trial): PastTrial<Params> => {
    if (trial.state !== 'complete') return trial;
    const value = trial.metrics?.[metric];
    const { params, metrics } = trial;
    return value === undefined
      ? { params, state: 'failed', reason: `no ${metric}` }
      : { params, value, ...(metrics && { metrics }) };
  });
  return { name, trials: past, direction };
}
