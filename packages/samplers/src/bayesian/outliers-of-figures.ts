import { matrixOf, type Objective, type Params, type SampleRequest } from '@foothold/core';
import { objectiveOf, objectiveOutlierBound } from './objective-values.ts';
import { type Figure, type OutlierRequest, outlierText } from './outlier-text.ts';

/** The lines of `why.outliers` where there are several objectives, constraints or a cost. */
export function outliersOfFigures<P extends Params>(request: OutlierRequest<P>): readonly string[] {
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
  return figures
    .filter((figure) => !several.some((objective) => objective === figure) || hasOutliers(request, figure))
    .flatMap((figure) => outlierText(request, figure));
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
