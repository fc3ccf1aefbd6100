import { type Direction, outliersOf, type Params, type SampleRequest, type Trial } from '@foothold/core';

/** What of a request says which figures there are. */
export type OutlierRequest<P extends Params> = Pick<
  SampleRequest<P>,
  'space' | 'trials' | 'direction' | 'objectives' | 'constraints' | 'cost'
>;

/** A figure of the trials as a model has it: its name, the side on which outliers are looked for, its scale. */
export interface Figure {
  readonly metric: string;
  readonly direction: Direction;
  /** From the figure to the model's scale, for figures beside the objectives: their outliers count as little beyond the others. */
  readonly scale?: (v: number) => number;
}

/** One line of `why.outliers`, or none; `name` for the figure's own. */
export function outlierText<P extends Params>(
  { space, trials }: Pick<SampleRequest<P>, 'space' | 'trials'>,
  { metric, direction, scale }: Figure,
  name: string = metric,
): string[] {
  const read = (trial: Trial<P>) =>
    trial.state !== 'complete' ? undefined : metric === 'value' ? trial.value : trial.metrics?.[metric];
  const scaled = trials.map((trial) => {
    if (trial.state !== 'complete') return trial;
    const v = read(trial) ?? Number.NaN;
    return { ...trial, value: scale ? scale(v) : v };
  });
  const found = outliersOf(space, scaled, direction);
  if (!found) return [];
  const side = direction === 'minimize' ? 'above' : 'below';
  const [many, count] = found.trials === 1 ? ['1 trial', 'counts'] : [`${found.trials} trials`, 'count'];
  const bound = read(trials.find(({ number }) => number === found.number)!);
  return [
    `${name}: ${many} far ${side} ${bound} ${count} as ${scale ? 'little beyond the others' : 'failed'}`,
  ];
}
