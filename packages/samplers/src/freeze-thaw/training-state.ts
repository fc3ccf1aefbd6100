/** What a study of pieces of training has: its steps, its configurations, and what may still be left unfinished. */
import { InvalidArgumentError, type Params, type SampleRequest } from '@foothold/core';
import { type FidelityColumn, fidelityColumnOf } from '../multi-fidelity/fidelity-column.ts';
import { type Configuration, configurationsOf } from './configurations.ts';
import { trainingSteps } from './training-steps.ts';

export interface TrainingState {
  readonly name: string;
  readonly column: FidelityColumn;
  /** The resource at each level. */
  readonly values: readonly number[];
  /** Levels at which training may pause, the target last. */
  readonly steps: readonly number[];
  readonly configurations: readonly Configuration[];
  /** What a trial costs that trains from one level, −1 for none, to another. */
  readonly costOf: (from: number, to: number) => number;
  /** What may be spent now on trainings that are not at their end. */
  readonly allowance: number;
  /** What of it may be spent on steps that are taken for what they teach. */
  readonly exploration: number;
}

/**
 * What trainings that are not at their end may cost together: so many full trainings, and a share of what those cost that are;
 * a smaller share where a step is taken for what it teaches.
 */
const pace = { fullTrainings: 2, share: 0.75, explorationShare: 0.25 };

/** Throws InvalidArgumentError where the space has no such ordinal column with the largest value `max`. */
export function trainingState<P extends Params>(
  request: SampleRequest<P>,
  { name, max, continues }: { readonly name: string; readonly max: number; readonly continues: boolean },
): TrainingState {
  const column = fidelityColumnOf(request, name);
  const values = Array.from({ length: column.levels }, (_, level) => Number(column.valueAt(level)));
  const last = column.levels - 1;
  if (!values.every((value, level) => value > (values[level - 1] ?? 0)) || values[last] !== max)
    throw new InvalidArgumentError(
      'fidelity',
      { name, max },
      `a parameter of increasing numbers above 0 up to ${max}`,
    );
  const costOf = (from: number, to: number) =>
    continues && from >= 0 ? Math.max(values[to]! - values[from]!, 0) : values[to]!;
  const configurations = configurationsOf(request, column, costOf);
  const sum = (isFinished: boolean) =>
    configurations
      .filter((c) => (Math.max(c.reached, c.running) === last) === isFinished)
      .reduce((total, { spent }) => total + spent, 0);
  const [finished, unfinished] = [sum(true), sum(false)];
  const room = (share: number) => pace.fullTrainings * max + share * finished - unfinished;
  return {
    ...{ name, column, values, steps: trainingSteps(values), configurations, costOf },
    allowance: room(pace.share),
    exploration: room(pace.explorationShare),
  };
}
