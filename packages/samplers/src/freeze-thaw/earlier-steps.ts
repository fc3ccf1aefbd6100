import type { Params, SampleRequest, Trial } from '@foothold/core';
import { curveTrials } from './curve-trials.ts';
import type { TrainingState } from './training-state.ts';

/** The values of a study's curves at a step before their end. */
export interface EarlierStep {
  /** Amount of the resource. */
  readonly step: number;
  /** With the parameters that they would have at the end. */
  readonly trials: readonly Trial[];
}

/** Those that have values, the first step first. */
export function earlierSteps<P extends Params>(
  request: SampleRequest<P>,
  { column, name, steps, values }: TrainingState,
): EarlierStep[] {
  const rows = curveTrials(request, column, { name, steps });
  const max = column.valueAt(column.levels - 1);
  return steps.slice(0, -1).flatMap((level) => {
    const own = rows.filter((trial) => trial.params[name] === column.valueAt(level));
    const trials = own.map(({ samplerState: _, why: __, ...trial }, number) => ({
      ...trial,
      number,
      params: { ...trial.params, [name]: max },
    }));
    return trials.length > 0 ? [{ step: values[level]!, trials: trials as readonly Trial[] }] : [];
  });
}
