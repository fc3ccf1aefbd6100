import type { Objective, Trial } from '@foothold/core';
import type { ChartOptions, ChartSpec } from './chart-spec.ts';
import { isDrawable, numberScale, shortNumber } from './number-scale.ts';
import { accent, chart, ink, sizeOf } from './theme.ts';
import { thinned } from './thinned.ts';

type TitledObjective = Objective & { readonly title?: string | undefined };

export interface ParetoFrontOptions extends ChartOptions {
  readonly trials: readonly Trial[];
  /** What goes across and what goes up. Default of a title: the metric. */
  readonly objectives: readonly [TitledObjective, TitledObjective];
}

/** Two objectives against each other: trials that no other one beats in both are orange and joined, all others grey. Trials without both figures are left out. */
export function paretoFront(options: ParetoFrontOptions): ChartSpec {
  const [first, second] = options.objectives;
  const points = options.trials.flatMap((trial) => pointOf(trial, options.objectives));
  const front = frontOf(points, [
    first.direction === 'minimize' ? 1 : -1,
    second.direction === 'minimize' ? 1 : -1,
  ]);
  const onFront = new Set(front);
  const { width, height } = sizeOf(options, { width: 560, height: 360 });
  const channel = (field: 'x' | 'y', objective: TitledObjective) => {
    const { scale, axis } = numberScale(points.map((p) => p[field]));
    return {
      field,
      type: 'quantitative',
      title: `${titleOf(objective)} (${objective.direction})`,
      scale,
      axis: { ...axis, tickCount: 6 },
    };
  };
  const x = channel('x', first);
  const y = channel('y', second);
  // A step has its corner on the dominated side: across first when smaller x is better, up first otherwise.
  const interpolate = first.direction === 'minimize' ? 'step-after' : 'step-before';
  return chart(
    {
      width,
      height,
      layer: [
        {
          data: { values: thinned(points.filter((p) => !onFront.has(p))) },
          mark: { type: 'circle', size: 34, color: ink.muted, opacity: 0.7 },
          encoding: { x, y, description: { field: 'd' } },
        },
        {
          data: { values: front },
          mark: { type: 'line', interpolate, color: accent, strokeWidth: 1.8, opacity: 0.7, aria: false },
          encoding: { x, y },
        },
        {
          data: { values: front },
          mark: { type: 'circle', size: 62, color: accent, opacity: 1 },
          encoding: { x, y, description: { field: 'd' } },
        },
      ],
    },
    {
      ...options,
      subtitle: options.subtitle ?? `${front.length} of ${points.length} trials are not beaten in both`,
      description: `${front.length} of ${points.length} trials on the front`,
    },
  );
}

/** A trial by both figures, with its text; none where it lacks one. */
function pointOf(trial: Trial, [first, second]: ParetoFrontOptions['objectives']) {
  const x = figureOf(trial, first.metric);
  const y = figureOf(trial, second.metric);
  if (!isDrawable(x) || !isDrawable(y)) return [];
  const d = `trial ${trial.number}: ${titleOf(first)} ${shortNumber(x)}, ${titleOf(second)} ${shortNumber(y)}`;
  return [{ x, y, d }];
}

const titleOf = ({ title, metric }: TitledObjective): string => title ?? metric;

function figureOf(trial: Trial, metric: string): number | undefined {
  if (trial.state !== 'complete') return undefined;
  return trial.metrics?.[metric] ?? (metric === 'value' ? trial.value : undefined);
}

/** The points that no other point equals or beats in both coordinates (times `signs`, smaller is better), by x; equal points count once. */
function frontOf<T extends { readonly x: number; readonly y: number }>(
  points: readonly T[],
  signs: readonly [number, number],
): readonly T[] {
  const sorted = [...points].sort((a, b) => signs[0] * (a.x - b.x) || signs[1] * (a.y - b.y));
  let best = Infinity;
  const front = sorted.filter((p) => {
    if (!(signs[1] * p.y < best)) return false;
    best = signs[1] * p.y;
    return true;
  });
  return front.sort((a, b) => a.x - b.x);
}
