import type { ChartOptions, ChartSpec } from './chart-spec.ts';
import { isDrawable, numberScale } from './number-scale.ts';
import { seriesColor } from './series-color.ts';
import { chart, seriesColors, sizeOf } from './theme.ts';

export interface SourceWeightsOptions extends ChartOptions {
  /** Weights by source at some trials, in order; what is missing or not a positive number counts as 0. */
  readonly steps: readonly { readonly trial: number; readonly weights: Readonly<Record<string, number>> }[];
}

const others = 'all others';

/** Weight of each source over the trials as a stacked area. Beyond eight sources the lightest are one area. */
export function sourceWeights(options: SourceWeightsOptions): ChartSpec {
  const totals = new Map<string, number>();
  for (const { weights } of options.steps)
    for (const [name, weight] of Object.entries(weights))
      totals.set(name, (totals.get(name) ?? 0) + weightOf(weight));
  const ordered = [...totals].sort((a, b) => b[1] - a[1]).map(([name]) => name);
  const most = seriesColors.length;
  const named = ordered.length <= most ? ordered : ordered.slice(0, most - 1);
  const names = ordered.length <= most ? named : [...named, others];
  const values = options.steps.flatMap(({ trial, weights }) => {
    const own = named.map((s, o) => ({ s, x: trial, y: weightOf(weights[s]), o }));
    if (names.length === named.length) return own;
    const rest = Object.entries(weights).reduce(
      (sum, [n, w]) => (named.includes(n) ? sum : sum + weightOf(w)),
      0,
    );
    return [...own, { s: others, x: trial, y: rest, o: named.length }];
  });
  const { width, height } = sizeOf(options, { height: 260 });
  const single = options.steps.length === 1;
  const across = numberScale(
    options.steps.map((step) => step.trial),
    { log: false },
  );
  const colored = seriesColor(names);
  return chart(
    {
      width,
      height,
      data: { values },
      mark: single
        ? { type: 'bar', size: 60 }
        : { type: 'area', opacity: 0.88, stroke: '#ffffff', strokeWidth: 0.6, aria: false },
      encoding: {
        x: {
          field: 'x',
          type: 'quantitative',
          title: 'trial',
          scale: { ...across.scale, nice: false },
          axis: { tickMinStep: 1, format: ',d' },
        },
        y: {
          field: 'y',
          type: 'quantitative',
          stack: 'zero',
          title: 'weight of each source',
          axis: { tickCount: 5 },
        },
        color: {
          ...colored,
          legend:
            names.length > 0 ? { title: null, symbolType: 'square', symbolOpacity: 1, columns: 4 } : null,
        },
        order: { field: 'o' },
      },
    },
    { ...options, description: `weights of ${ordered.length} sources over ${options.steps.length} trials` },
  );
}

function weightOf(weight: number | undefined): number {
  return isDrawable(weight) && weight > 0 ? weight : 0;
}
