import type { Params, SampleRequest, Trial } from '@foothold/core';
import { kendallTau } from '@foothold/numerics';
import { keyOf } from './configurations.ts';
import { curveTrials } from './curve-trials.ts';
import type { TrainingState } from './training-state.ts';

/** The values of a study's curves at a step before their end. */
export interface EarlierStep {
  /** Amount of the resource. */
  readonly step: number;
  /** With the parameters that they would have at the end. */
  readonly trials: readonly Trial[];
}

/**
 * Those that have values, the first step first; without those whose values have rather the opposite order of the ends (Kendall's τ below 0,
 * over the configurations that have both).
 */
export function earlierSteps<P extends Params>(
  request: SampleRequest<P>,
  { column, name, steps, values }: TrainingState,
): EarlierStep[] {
  const rows = curveTrials(request, column, { name, steps });
  const max = column.valueAt(column.levels - 1);
  const at = (level: number) => rows.filter((trial) => trial.params[name] === column.valueAt(level));
  const ends = new Map(at(column.levels - 1).flatMap(keyed(name)));
  const isReversed = (own: readonly Trial[]) => {
    const both = own.flatMap(keyed(name)).filter(([key]) => ends.has(key));
    return (
      kendallTau(
        both.map(([, value]) => value),
        both.map(([key]) => ends.get(key)!),
      ) < 0
    );
  };
  return steps.slice(0, -1).flatMap((level) => {
    const own = at(level) as readonly Trial[];
    if (own.length === 0 || isReversed(own)) return [];
    const trials = own.map(({ samplerState: _, why: __, ...trial }, number) => ({
      ...trial,
      number,
      params: { ...trial.params, [name]: max! },
    }));
    return [{ step: values[level]!, trials }];
  });
}

/** The configuration of a trial that has a value, and this value. */
const keyed =
  (name: string) =>
  (trial: Trial): (readonly [key: string, value: number])[] =>
    trial.state === 'complete' && Number.isFinite(trial.value)
      ? [[keyOf(trial.params, name), trial.value]]
      : [];
