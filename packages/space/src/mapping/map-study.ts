import {
  type Dataset,
  type Direction,
  datasetOf,
  type Outcome,
  outliersOf,
  type Params,
  type PriorTask,
  type SearchSpace,
  type Trial,
} from '@foothold/core';
import { cannotEncode, type MapParams, paramsMapper } from './map-params.ts';

export interface PriorStudy {
  readonly name: string;
  /** Trials of the earlier study, or parameters with values; running ones are left out. */
  readonly trials: readonly (Trial | { readonly params: Params; readonly value: number })[];
  readonly direction: Direction;
  readonly metaFeatures?: readonly number[] | undefined;
  /** Prior weight, in [0, 1]. Default: 1. */
  readonly weight?: number | undefined;
}

export interface MappedStudy {
  readonly task: PriorTask;
  /** What of the earlier study could not be used as it was: a sentence a kind, with the number of trials it is true of. */
  readonly warnings: readonly string[];
}

/** Kinds of remarks that are listed; further ones are counted. */
const maxWarnings = 20;

/** An earlier study's trials in another space: what datasets are made of. */
export interface MappedTrials {
  /** Of the trials: `params.row` is encoded as a point of the unit cube. */
  readonly rows: SearchSpace<{ row: number }>;
  /** With their outcomes, metrics included. */
  readonly trials: readonly Trial<{ row: number }>[];
  /** As of `MappedStudy`. */
  readonly warnings: readonly string[];
}

/**
 * An earlier study's value as a task in the unit cube of another space, mapped as by `mapTrialsToSpace`. Failed trials count as worse than
 * the worst, as do values that are not finite and those far from the others.
 */
export function mapStudyToSpace<P extends Params>(space: SearchSpace<P>, study: PriorStudy): MappedStudy {
  const {
    rows,
    trials,
    warnings: all,
  } = mappedTrials(space, study, (value) =>
    Number.isFinite(value) ? undefined : 'values that are not finite count as failures',
  );
  const { name, metaFeatures, weight } = study;
  const data: Dataset = datasetOf(rows, trials, study.direction);
  const outliers = outliersOf(rows, trials, study.direction);
  const side = study.direction === 'minimize' ? 'above' : 'below';
  const far = outliers && `values far ${side} ${outliers.bound} count as failures`;
  return {
    task: { name, data, ...(metaFeatures && { metaFeatures }), ...(weight !== undefined && { weight }) },
    warnings: listed(far ? [...all, withCount(far, outliers.trials, study)] : all),
  };
}

/**
 * An earlier study's trials in the unit cube of another space.
 *
 * Parameters are matched by name; those that the new space does not have are left out. One that a trial lacks takes its
 * default, or the middle of its range. A number outside the new range stays as far outside the cube, up to a tenth of the
 * range or one step; trials with one further away are left out. One between whole numbers or ordered choices lies between
 * them; on a logarithmic scale 0 and what is below counts as just below the range. A category that the new space lacks is a level of its own, beyond the cube. A parameter that is not active in the
 * new space is left out. Pruned and running trials are left out. A space without a description takes only trials that it can encode.
 * Outcomes stay as they are, and nothing is said of them: what counts as a failure depends on the objective.
 */
export function mapTrialsToSpace<P extends Params>(
  space: SearchSpace<P>,
  study: Pick<PriorStudy, 'trials'>,
): MappedTrials {
  const mapped = mappedTrials(space, study);
  return { ...mapped, warnings: listed(mapped.warnings) };
}

function mappedTrials<P extends Params>(
  space: SearchSpace<P>,
  study: Pick<PriorStudy, 'trials'>,
  remarkOf: (value: number) => string | undefined = () => undefined,
): MappedTrials {
  const notes = new Map<string, number>();
  const count = (text: string) => {
    notes.set(text, (notes.get(text) ?? 0) + 1);
  };
  const mapParams = paramsMapper(space) ?? encodableParams(space);
  const points: Float64Array[] = [];
  const trials: Trial<{ row: number }>[] = [];
  for (const trial of study.trials) {
    const outcome = usableOutcome(trial);
    if (outcome === undefined) {
      count(`${(trial as Trial).state} trials are left out`);
      continue;
    }
    // A remark counts once a trial, and of a trial that is left out the reason alone.
    const said = new Set<string>();
    const point = mapParams(trial.params, (text) => said.add(text));
    if (typeof point === 'string') {
      count(point);
      continue;
    }
    said.forEach(count);
    const remark = outcome.state === 'complete' && remarkOf(outcome.value);
    if (remark) count(remark);
    trials.push({ ...outcome, number: points.length, params: { row: points.length }, reports: [] });
    points.push(point);
  }
  const rows: SearchSpace<{ row: number }> = {
    columns: space.columns,
    encode: ({ row }) => points[row]!,
    decode: () => ({ row: 0 }),
  };
  return { rows, trials, warnings: [...notes].map(([text, times]) => withCount(text, times, study)) };
}

const withCount = (text: string, times: number, { trials }: Pick<PriorStudy, 'trials'>): string =>
  `${text} (${times} of ${trials.length})`;

/** The first of them, and how many there are beyond. */
function listed(texts: readonly string[]): readonly string[] {
  return texts.length > maxWarnings
    ? [...texts.slice(0, maxWarnings), `${texts.length - maxWarnings} further remarks of these kinds`]
    : texts;
}

/** The outcome of a finished trial that says something; undefined for others. */
function usableOutcome(
  trial: PriorStudy['trials'][number],
): Exclude<Outcome, { state: 'pruned' }> | undefined {
  if (!('state' in trial) || trial.state === undefined)
    return { ...trial, state: 'complete', value: (trial as { readonly value: number }).value };
  if (trial.state === 'failed') return { state: 'failed', reason: trial.reason };
  return trial.state === 'complete' ? trial : undefined;
}

/** For spaces that do not say what they hold: parameters known from a decoded point, and only what can be encoded. */
function encodableParams<P extends Params>(space: SearchSpace<P>): MapParams {
  const middle = space.decode(Float64Array.from(space.columns, () => 0.5));
  const defaults: Params = { ...middle, ...space.defaults };
  return (given, note) => {
    const params: Record<string, Params[string]> = { ...defaults };
    for (const [name, value] of Object.entries(given))
      if (Object.hasOwn(defaults, name)) params[name] = value;
      else note(`${name}: not in the new space`);
    for (const [name, value] of Object.entries(defaults))
      if (!Object.hasOwn(given, name)) note(`${name}: missing, takes ${JSON.stringify(value)}`);
    try {
      return space.encode(params as P);
    } catch {
      return cannotEncode;
    }
  };
}
