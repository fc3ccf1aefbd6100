import type { ChartOptions, ChartSpec } from './chart-spec.ts';
import { isDrawable, rangeOf } from './number-scale.ts';
import { seriesColor } from './series-color.ts';
import { chart, seriesColors, sizeOf } from './theme.ts';
import { thinned } from './thinned.ts';

export interface SourceWeightsOptions extends ChartOptions {
  /** Weights by source at some trials, in order; what is missing or not a positive number counts as 0. */
  readonly steps: readonly { readonly trial: number; readonly weights: Readonly<Record<string, number>> }[];
  /** Title of the axis. Default: 'weight of each source'; hypotheses have weights too. */
  readonly value?: string;
}

const others = 'all others';

/** Trials that get a bar each; of more, areas are drawn. */
const maxBars = 300;

/**
 * Weight of each source over the trials, stacked: a bar a trial, so that trials without weights stay empty, or areas for
 * more than 300 trials (2,000 of them at most). Beyond eight sources the lightest are one.
 */
export function sourceWeights(options: SourceWeightsOptions): ChartSpec {
  const totals = new Map<string, number>();
  const steps = thinned(options.steps);
  for (const { weights } of steps)
    for (const [name, weight] of Object.entries(weights))
      totals.set(name, (totals.get(name) ?? 0) + weightOf(weight));
  const ordered = [...totals].sort((a, b) => b[1] - a[1]).map(([name]) => name);
  const maxNames = seriesColors.length;
  const named = ordered.length <= maxNames ? ordered : ordered.slice(0, maxNames - 1);
  const names = ordered.length <= maxNames ? named : [...named, others];
  const values = steps.flatMap(({ trial, weights }) => {
    const own = named.map((s, o) => ({ s, x: trial, y: weightOf(weights[s]), o }));
    if (names.length === named.length) return own;
    const rest = Object.entries(weights).reduce(
      (sum, [n, w]) => (named.includes(n) ? sum : sum + weightOf(w)),
      0,
    );
    return [...own, { s: others, x: trial, y: rest, o: named.length }];
  });
  const { width, height } = sizeOf(options, { height: 260 });
  const [first, last] = rangeOf(steps.map((step) => step.trial)) ?? [0, 0];
  const bar = Math.min((0.92 * width) / (last - first + 1), 60);
  const colored = seriesColor(names);
  return chart(
    {
      width,
      height,
      data: { values },
      mark:
        steps.length <= maxBars
          ? { type: 'bar', size: bar, aria: false }
          : { type: 'area', opacity: 0.88, stroke: '#ffffff', strokeWidth: 0.6, aria: false },
      encoding: {
        x: {
          field: 'x',
          type: 'quantitative',
          title: 'trial',
          scale: { domain: [first - 0.5, last + 0.5], nice: false, zero: false },
          axis: { tickMinStep: 1, format: ',d' },
        },
        y: {
          field: 'y',
          type: 'quantitative',
          stack: 'zero',
          title: options.value ?? 'weight of each source',
          axis: { tickCount: 5 },
        },
        color: {
          ...colored,
          legend:
            names.length > 0
              ? { title: null, symbolType: 'square', symbolOpacity: 1, columns: legendColumns(names, width) }
              : null,
        },
        order: { field: 'o' },
      },
    },
    { ...options, description: `${ordered.length} weights over ${options.steps.length} trials` },
  );
}

/** Names side by side that fit the width, at most 4: Vega reserves 0.8 em a character, of 260 pixels at most. */
function legendColumns(names: readonly string[], width: number): number {
  const longest = names.reduce((pixels, name) => Math.max(pixels, Math.min(9.6 * name.length, 260)), 0);
  return Math.min(Math.max(Math.floor(width / (longest + 40)), 1), 4);
}

function weightOf(weight: number | undefined): number {
  return isDrawable(weight) && weight > 0 ? weight : 0;
}
