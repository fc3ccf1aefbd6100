import type { Direction, SpaceDescription, Trial } from '@foothold/core';
import type { ChartOptions, ChartSpec, SpecPart } from './chart-spec.ts';
import { bestTrial, finiteTrials } from './finite-trials.ts';
import { numberScale, shortNumber } from './number-scale.ts';
import { parameterAxes } from './parameter-axis.ts';
import { characterWidth, textLines } from './text-lines.ts';
import { accent, chart, ink, primary, sizeOf } from './theme.ts';
import { thinned } from './thinned.ts';

export interface SlicesOptions extends ChartOptions {
  readonly trials: readonly Trial[];
  readonly direction: Direction;
  /** Ranges, logarithmic axes and choices; without it they are read off the trials. */
  readonly space?: SpaceDescription | undefined;
  readonly value?: string;
  /** Logarithmic value axis. Default: decided by the values. */
  readonly log?: boolean;
  /** Panels side by side at most. Default: 3. */
  readonly columns?: number;
}

/** Value against each parameter, a panel a parameter: stronger points are later trials, the best is ringed. `width` is that of all panels. */
export function slices(options: SlicesOptions): ChartSpec {
  const finite = finiteTrials(options.trials);
  const best = bestTrial(finite, options.direction);
  const shown = thinned(finite, (t) => t === best);
  const axes = parameterAxes(options.trials, options.space);
  const columns = Math.min(Math.max(axes.length, 1), options.columns ?? 3);
  const all = sizeOf(options, { width: 720, height: 180 });
  const width = Math.max(Math.floor((all.width - 70 * columns) / columns), 90);
  const y = numberScale(
    finite.map((t) => t.value),
    { log: options.log },
  );
  const panels = axes.map((axis, index) => {
    const title = index % columns === 0 ? (options.value ?? 'value') : null;
    return panelOf(axis, shown, { width, height: all.height, best, y: { ...y, title } });
  });
  const description = `value against ${axes.length} parameters, ${finite.length} trials`;
  const subtitle = options.subtitle ?? 'Stronger points are later trials; the ring marks the best';
  if (panels.length === 0)
    return chart(
      {
        width: all.width,
        height: 60,
        data: { values: [{}] },
        mark: { type: 'text', text: 'no trials yet', color: ink.muted },
      },
      { ...options, description },
    );
  return chart(
    { concat: panels, columns, spacing: 24 },
    { ...options, width: all.width, subtitle, description },
  );
}

type FiniteTrial = ReturnType<typeof finiteTrials>[number];

/** The values against one parameter. */
function panelOf(
  axis: ReturnType<typeof parameterAxes>[number],
  trials: readonly FiniteTrial[],
  {
    width,
    height,
    best,
    y,
  }: {
    readonly width: number;
    readonly height: number;
    readonly best: FiniteTrial | undefined;
    readonly y: ReturnType<typeof numberScale> & { readonly title: string | null };
  },
): SpecPart {
  const values = trials.flatMap((trial, order) => {
    const x = axis.value(trial.params[axis.name]);
    if (x === undefined) return [];
    const d = `trial ${trial.number}: ${axis.name} = ${typeof x === 'number' ? shortNumber(x) : x}, ${shortNumber(trial.value)}`;
    return [{ x, y: trial.value, o: order, b: trial === best, d }];
  });
  const encoding = {
    x: { field: 'x', title: textLines(axis.name, Math.floor(width / characterWidth(12))), ...axis.channel },
    y: {
      field: 'y',
      type: 'quantitative',
      title: y.title,
      scale: y.scale,
      axis: { ...y.axis, tickCount: 5 },
    },
    description: { field: 'd' },
  };
  const opacity = {
    field: 'o',
    type: 'quantitative',
    scale: { domain: [0, Math.max(trials.length - 1, 1)], range: [0.2, 0.95] },
    legend: null,
  };
  const layer = [
    {
      data: { values },
      mark: { type: 'circle', size: 34, color: primary },
      encoding: { ...encoding, opacity },
    },
    {
      data: { values: values.filter((v) => v.b) },
      mark: { type: 'point', size: 130, strokeWidth: 2.2, stroke: accent },
      encoding,
    },
  ];
  return { width, height, layer };
}
