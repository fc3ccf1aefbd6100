/** Outliers on the way to a model: what they count as in the figures beside the value, and what `why` says of them. */
import {
  type Dataset,
  type Direction,
  matrixOf,
  type Objective,
  outlierBound,
  outliersOf,
  type Params,
  type SampleRequest,
  type Trial,
  type Why,
} from '@foothold/core';
import { objectiveOf, objectiveOutlierBound } from './objective-values.ts';

/** Share of the range of the regular values by which an outlier counts as worse; that of failed trials. */
const margin = 0.1;

/**
 * The data with outliers on both sides at a tenth of the range beyond the regular values, 0 counted among these: values
 * count from a limit, and each stays on its side of it.
 */
export function withinLimits({ x, y, ...rest }: Dataset): Dataset {
  return { ...rest, x, y: heldAbove(heldAbove(y, x, 0).map(negated), x, 0).map(negated) };
}

/** The data, to be minimized, with outliers on the large side at a tenth of the range above the regular values. */
export function withinCosts({ x, y, ...rest }: Dataset): Dataset {
  return { ...rest, x, y: heldAbove(y.map(negated), x).map(negated) };
}

const negated = (v: number) => -v;

/** Values with the outliers below at a tenth of the range under the worst regular value or `limit`; all if there are none. */
function heldAbove(y: Float64Array, x: Dataset['x'], limit?: number): Float64Array {
  const bound = outlierBound(y, x);
  if (bound === undefined) return y;
  const low = Math.min(bound, limit ?? bound);
  const high = y.reduce((a, b) => Math.max(a, b), limit ?? bound);
  // Each part by itself: the range may overflow.
  const held = low - margin * high + margin * low;
  return y.map((v) => (v < bound ? held : v));
}

/** A figure of the trials as a model has it: its name, the side on which outliers are looked for, its scale. */
interface Figure {
  readonly metric: string;
  readonly direction: Direction;
  /** From the figure to the model's scale, for figures beside the objectives: their outliers count as little beyond the others. */
  readonly scale?: (v: number) => number;
}

/** `why.outliers`: for each figure with outliers how many trials, beyond which value, in the figure's own units. */
export function outliersWhy<P extends Params>(
  request: Pick<SampleRequest<P>, 'space' | 'trials' | 'direction' | 'objectives' | 'constraints' | 'cost'>,
): Why {
  const { direction, objectives, constraints = [], cost } = request;
  const figures: readonly Figure[] = [
    ...(objectives && objectives.length > 1 ? objectives : [{ metric: 'value', direction }]),
    ...constraints.flatMap((constraint) => {
      const limit = 'atLeast' in constraint ? constraint.atLeast : constraint.atMost;
      const { metric } = constraint;
      const scale = (v: number) => v - limit;
      return (['minimize', 'maximize'] as const).map((side) => ({ metric, direction: side, scale }));
    }),
    ...(cost === undefined ? [] : [{ metric: cost, direction: 'minimize' as const, scale: logCost }]),
  ];
  const several = figures.length > 0 && figures[0] === objectives?.[0] ? (objectives ?? []) : [];
  const lines = figures
    .filter((figure) => !several.some((objective) => objective === figure) || hasOutliers(request, figure))
    .flatMap((figure) => outlierText(request, figure));
  return lines.length > 0 ? { outliers: lines } : {};
}

/** Whether values of one of several objectives count as failed. */
function hasOutliers<P extends Params>(
  { space, trials }: Pick<SampleRequest<P>, 'space' | 'trials'>,
  objective: Objective,
): boolean {
  const points = matrixOf(
    trials.map(({ params }) => space.encode(params)),
    space.columns.length,
  );
  const values = Float64Array.from(trials, (trial) => objectiveOf(trial, objective));
  return objectiveOutlierBound(values, points) !== undefined;
}

const logCost = (v: number) => (v > 0 ? Math.log(v) : Number.NaN);

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
