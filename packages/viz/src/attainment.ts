import { figureOf, InvalidArgumentError, type Objective, type Trial } from '@foothold/core';
import { attainmentSurface, type ObjectivePair } from './attainment-surface.ts';
import type { ChartOptions, ChartSpec } from './chart-spec.ts';
import { isDrawable, numberScale } from './number-scale.ts';
import { distinct, seriesColor } from './series-color.ts';
import { chart, sizeOf } from './theme.ts';

/** One way of doing it, with the trials of each of its repetitions. */
export interface AttainmentGroup {
  readonly name: string;
  readonly runs: readonly (readonly Trial[])[];
}

/** An objective with the text of its axis. */
export interface TitledObjective extends Objective {
  /** Default: the metric. The direction stands behind it. */
  readonly title?: string | undefined;
}

export interface AttainmentOptions extends ChartOptions {
  readonly groups: readonly AttainmentGroup[];
  /** What goes across and what goes up. */
  readonly objectives: readonly [TitledObjective, TitledObjective];
  /** Share of the runs that attain what a line bounds, in (0, 1]. Default: 0.5, the median attainment surface. */
  readonly share?: number | undefined;
}

/**
 * What a share of the runs of each group attains in two objectives, as step lines: the front of a typical run, where runs have fronts that
 * differ. Trials without both figures are left out. Throws InvalidArgumentError for another `share`.
 */
export function attainment(options: AttainmentOptions): ChartSpec {
  const { groups, objectives, share = 0.5 } = options;
  if (!(share > 0 && share <= 1)) throw new InvalidArgumentError('share', share, 'a number in (0, 1]');
  const [first, second] = objectives;
  const names = distinct(groups.map(({ name }) => name));
  const signs = objectives.map(({ direction }) => (direction === 'minimize' ? 1 : -1));
  const rows = groups.flatMap(({ runs }, g) => {
    const pairs = runs.map((trials) => trials.flatMap((trial) => pairOf(trial, objectives, signs)));
    return attainmentSurface(pairs, share).map(([x, y], i) => ({
      ...{ s: names[g]!, i },
      ...{ x: signs[0]! * x, y: signs[1]! * y },
    }));
  });
  const { width, height } = sizeOf(options, { width: 560, height: 360 });
  const channel = (field: 'x' | 'y', { metric, direction, title = metric }: TitledObjective) => {
    const { scale, axis } = numberScale(rows.map((row) => row[field]));
    return {
      field,
      type: 'quantitative',
      title: `${title} (${direction})`,
      scale,
      axis: { ...axis, tickCount: 6 },
    };
  };
  const encoding = {
    x: channel('x', first),
    y: channel('y', second),
    color: seriesColor(names),
    order: { field: 'i' },
  };
  const percent = Math.round(100 * share);
  return chart(
    {
      width,
      height,
      data: { values: rows },
      // Corners begin with the best first objective: going on to a worse one, the second stays until the next corner.
      mark: { type: 'line', interpolate: 'step-after', strokeWidth: 2, point: true, aria: false },
      encoding,
    },
    {
      ...options,
      subtitle: options.subtitle ?? `what ${percent} % of the runs attain`,
      description: names
        .map((name) => `${name}: ${rows.filter(({ s }) => s === name).length} corners`)
        .join('; '),
    },
  );
}

/** The two objectives of a complete trial, to be minimized; none where one cannot be drawn. */
function pairOf(
  trial: Trial,
  objectives: readonly Objective[],
  signs: readonly number[],
): readonly ObjectivePair[] {
  if (trial.state !== 'complete') return [];
  const [x, y] = objectives.map(({ metric }) => figureOf(trial, metric)) as [number, number];
  return isDrawable(x) && isDrawable(y) ? [[signs[0]! * x, signs[1]! * y]] : [];
}
