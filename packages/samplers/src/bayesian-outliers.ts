/** Outliers on the way to a model: what they count as in the figures beside the value, and what `why` says of them. */
import {
  type Dataset,
  type Direction,
  type Outliers,
  outlierBound,
  outliersOf,
  type Params,
  type SampleRequest,
  type SearchSpace,
  type Trial,
  type Why,
} from '@foothold/core';

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

/** The trials with one figure of theirs as the value, those that lack it as failed. */
export function withFigure<P extends Params>(
  trials: readonly Trial<P>[],
  metric: string,
): readonly Trial<P>[] {
  if (metric === 'value') return trials;
  return trials.map((trial) => {
    if (trial.state !== 'complete') return trial;
    const { standardError: _, ...rest } = trial;
    return { ...rest, value: trial.metrics?.[metric] ?? Number.NaN };
  });
}

/** `why.outliers`: for each figure with outliers how many trials, beyond which value, in the figure's own units. */
export function outliersWhy<P extends Params>(
  request: Pick<SampleRequest<P>, 'space' | 'trials' | 'direction' | 'objectives' | 'constraints'>,
): Why {
  const { space, trials, direction, objectives, constraints = [] } = request;
  const several = objectives && objectives.length > 1;
  const lines = [
    ...(several ? objectives : [{ metric: 'value', direction }]).flatMap((goal) =>
      outlierText(goal.metric, { space, trials: withFigure(trials, goal.metric), direction: goal.direction }),
    ),
    ...constraints.flatMap(({ metric }) =>
      (['minimize', 'maximize'] as const).flatMap((side) =>
        outlierText(metric, { space, trials: withFigure(trials, metric), direction: side, limited: true }),
      ),
    ),
  ];
  return lines.length > 0 ? { outliers: lines } : {};
}

/** One line of `why.outliers`, or none. */
export function outlierText<P extends Params>(
  figure: string,
  goal: {
    readonly space: SearchSpace<P>;
    readonly trials: readonly Trial<P>[];
    readonly direction: Direction;
    /** A figure with a limit: its outliers count as little beyond the others, not as failed. */
    readonly limited?: boolean;
  },
): string[] {
  const found: Outliers | undefined = outliersOf(goal.space, goal.trials, goal.direction);
  if (!found) return [];
  const side = goal.direction === 'minimize' ? 'above' : 'below';
  const trials = found.trials === 1 ? '1 trial' : `${found.trials} trials`;
  const counts = found.trials === 1 ? 'counts' : 'count';
  const as = goal.limited ? 'as little beyond the others' : 'as failed';
  return [`${figure}: ${trials} far ${side} ${found.bound} ${counts} ${as}`];
}
