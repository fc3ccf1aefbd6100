import type { OutcomeConstraint, Trial } from '@foothold/core';
import type { ChartOptions, ChartSpec } from './chart-spec.ts';
import { isDrawable, numberScale, shortNumber } from './number-scale.ts';
import { accent, chart, ink, primary, sizeOf } from './theme.ts';
import { thinned } from './thinned.ts';

export interface FeasibilityOptions extends ChartOptions {
  readonly trials: readonly Trial[];
  /** The limit and the metric that it is on. */
  readonly constraint: OutcomeConstraint;
}

/** A limited metric over the trials: the limit is a line, trials that keep it are blue, those that break it orange. */
export function feasibility(options: FeasibilityOptions): ChartSpec {
  const { constraint } = options;
  const { metric } = constraint;
  const limit = 'atMost' in constraint ? constraint.atMost : constraint.atLeast;
  const points = options.trials.flatMap((trial) => {
    if (trial.state !== 'complete') return [];
    const y = metric === 'value' ? trial.value : trial.metrics?.[metric];
    if (!isDrawable(y)) return [];
    const k = ('atMost' in constraint ? y <= limit : y >= limit) ? 'kept' : 'broken';
    return [{ x: trial.number, y, k, d: `trial ${trial.number}: ${metric} ${shortNumber(y)}, ${k}` }];
  });
  const kept = points.filter(({ k }) => k === 'kept').length;
  const { scale, axis } = numberScale([...points.map(({ y }) => y), limit]);
  const { width, height } = sizeOf(options, { height: 220 });
  const y = { type: 'quantitative', title: metric, scale, axis };
  const text = `${'atMost' in constraint ? 'at most' : 'at least'} ${shortNumber(limit)}`;
  return chart(
    {
      width,
      height,
      layer: [
        {
          data: { values: thinned(points) },
          mark: { type: 'circle', size: 36, opacity: 0.7 },
          encoding: {
            x: {
              field: 'x',
              type: 'quantitative',
              title: 'trial',
              axis: { tickMinStep: 1, format: ',d' },
              scale: { zero: false },
            },
            y: { field: 'y', ...y },
            color: {
              ...{
                field: 'k',
                type: 'nominal',
                scale: { domain: ['kept', 'broken'], range: [primary, accent] },
              },
              legend: { title: null, symbolOpacity: 1 },
            },
            description: { field: 'd' },
          },
        },
        {
          data: { values: [{ y: limit, d: text }] },
          mark: { type: 'rule', color: ink.text, strokeDash: [5, 4], strokeWidth: 1.4 },
          encoding: { y: { field: 'y', ...y }, description: { field: 'd' } },
        },
      ],
    },
    {
      ...options,
      subtitle: options.subtitle ?? `${text}: kept by ${kept} of ${points.length} trials`,
      description: `${metric} ${text}, kept by ${kept} of ${points.length} trials`,
    },
  );
}
