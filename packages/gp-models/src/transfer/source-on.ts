import {
  type Direction,
  datasetOf,
  levelOf,
  type ParameterDescription,
  type Params,
  positionOf,
  type SearchSpace,
  type Trial,
} from '@foothold/core';
import type { TransferSource } from './transfer-source.ts';

export interface EarlierStudy {
  readonly name: string;
  /** Trials of the earlier study, or parameters with values; running ones are left out. */
  readonly trials: readonly (Trial | { readonly params: Params; readonly value: number })[];
  readonly direction: Direction;
  readonly metaFeatures?: readonly number[] | undefined;
}

export interface MatchedSource {
  readonly source: TransferSource;
  /** What of the earlier study could not be used, one sentence a kind. */
  readonly unused: readonly string[];
}

/**
 * An earlier study's trials in the unit cube of another space.
 *
 * Parameters are matched by name. One that a trial lacks takes its default, or the middle of its range; a number outside
 * the new range counts as the nearest end, a choice that the new space does not have as the default; parameters that the
 * new space does not have are left out. `unused` lists each of these once.
 */
export function sourceOn<P extends Params>(space: SearchSpace<P>, study: EarlierStudy): MatchedSource {
  const notes = new Map<string, number>();
  const note = (text: string) => notes.set(text, (notes.get(text) ?? 0) + 1);
  const description = space.description ?? {};
  const middle = space.decode(Float64Array.from(space.columns, middleOf));
  const defaults: Params = { ...middle, ...space.defaults };
  const trials = study.trials.flatMap((trial, number): Trial<P>[] => {
    if ('state' in trial && trial.state !== 'complete' && trial.state !== 'failed') {
      note('trials that did not finish');
      return [];
    }
    const params = matched(trial.params, { description, defaults, note });
    const outcome =
      'state' in trial && trial.state === 'failed'
        ? ({ state: 'failed', reason: trial.reason } as const)
        : ({ ...trial, state: 'complete', value: (trial as { readonly value: number }).value } as const);
    try {
      space.encode(params as P);
    } catch {
      note('trials whose parameters the new space does not take');
      return [];
    }
    return [{ ...outcome, number, params: params as P, reports: [] }];
  });
  const { name, metaFeatures } = study;
  return {
    source: { name, data: datasetOf(space, trials, study.direction), ...(metaFeatures && { metaFeatures }) },
    unused: [...notes].map(([text, count]) => `${text} (${count} of ${study.trials.length})`),
  };
}

function matched(
  given: Params,
  {
    description,
    defaults,
    note,
  }: {
    readonly description: Readonly<Record<string, ParameterDescription>>;
    readonly defaults: Params;
    readonly note: (text: string) => void;
  },
): Params {
  const params: Record<string, Params[string]> = { ...defaults };
  for (const [key, value] of Object.entries(given)) {
    const parameter = description[key];
    if (!(key in defaults) && !parameter) {
      note(`parameter ${key} is not in the new space`);
      continue;
    }
    const fitted = parameter ? fittedTo(parameter, value) : value;
    if (fitted === undefined) note(`${key}: ${JSON.stringify(value)} is no choice of the new space`);
    else {
      if (fitted !== value) note(`${key}: values outside the new range count as its nearest end`);
      params[key] = fitted;
    }
  }
  for (const key of Object.keys(defaults))
    if (!(key in given)) note(`parameter ${key} is missing and takes ${JSON.stringify(defaults[key])}`);
  return params;
}

/** The nearest value that the parameter takes, or undefined where no value is near. */
function fittedTo(parameter: ParameterDescription, value: Params[string]): Params[string] | undefined {
  if (parameter.type === 'real' || parameter.type === 'int') {
    if (typeof value !== 'number' || !Number.isFinite(value)) return undefined;
    const inside = Math.min(Math.max(value, parameter.low), parameter.high);
    return parameter.type === 'int' ? Math.round(inside) : inside;
  }
  const choices: readonly Params[string][] = parameter.choices;
  if (choices.includes(value)) return value;
  if (parameter.type === 'categorical' || typeof value !== 'number') return undefined;
  const numbers = choices.filter((c) => typeof c === 'number');
  if (numbers.length === 0) return undefined;
  return numbers.reduce((best, c) => (Math.abs(c - value) < Math.abs(best - value) ? c : best));
}

function middleOf(column: SearchSpace['columns'][number]): number {
  return column.kind === 'continuous' ? 0.5 : positionOf(column, levelOf(column, 0.5));
}
