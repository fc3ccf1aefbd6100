import type { ChartOptions, ChartSpec, SpecPart } from './chart-spec.ts';
import { shortNumber } from './number-scale.ts';
import { chart, ink, primary, seriesColors, sizeOf } from './theme.ts';
import { thinned } from './thinned.ts';
import type { TransferStep } from './transfer-steps.ts';

export interface TransferWeightOptions extends ChartOptions {
  /** From `transferSteps`. */
  readonly steps: readonly TransferStep[];
}

const basisColors: Readonly<Record<TransferStep['basis'], string>> = {
  'earlier studies only': seriesColors[2],
  'with earlier studies': primary,
  'without earlier studies': seriesColors[7],
};

/**
 * Weight of the earlier studies in each suggestion: a point a trial, coloured by what the suggestion is based on, at 1 for
 * earlier studies only, at 0 for a model without them, and at their weight in the model in between (the line).
 */
export function transferWeight(options: TransferWeightOptions): ChartSpec {
  const { steps } = options;
  const { width, height } = sizeOf(options, { height: 200 });
  const points = steps.flatMap(({ trial, basis, weight }) => {
    const y = basis === 'earlier studies only' ? 1 : basis === 'without earlier studies' ? 0 : weight;
    return y === undefined ? [] : [{ x: trial, y, t: basis, d: `trial ${trial}: ${basis}, ${percent(y)}` }];
  });
  const weights = steps.flatMap(({ trial, weight }) =>
    weight === undefined ? [] : [{ x: trial, y: weight }],
  );
  const last = weights.at(-1);
  const ends = points.map(({ x }) => x);
  const x = {
    field: 'x',
    type: 'quantitative',
    title: 'trial',
    scale: { domain: [(ends[0] ?? 0) - 0.5, (ends.at(-1) ?? 0) + 0.5], nice: false, zero: false },
    axis: { tickMinStep: 1, format: ',d' },
  };
  const y = {
    field: 'y',
    type: 'quantitative',
    title: 'weight of earlier studies',
    scale: { domain: [0, 1], nice: false },
    axis: { format: '.0%', tickCount: 5 },
  };
  const layer: SpecPart[] = [
    {
      data: { values: thinned(weights) },
      mark: { type: 'line', color: primary, strokeWidth: 1.6, opacity: 0.55, aria: false },
      encoding: { x, y },
    },
    {
      data: { values: thinned(points) },
      mark: { type: 'circle', size: points.length > 200 ? 18 : 42, opacity: 0.9 },
      encoding: {
        x,
        y,
        color: basisChannel(points),
        description: { field: 'd' },
      },
    },
  ];
  if (points.length === 0)
    layer.push({
      data: { values: [{}] },
      mark: { type: 'text', text: 'no weights yet', color: ink.muted, fontSize: 13, aria: false },
      encoding: { x: { value: width / 2 }, y: { value: height / 2 } },
    });
  return chart(
    { width, height, layer },
    {
      ...options,
      description: `${points.length} suggestions${last === undefined ? '' : `; the last weight is ${percent(last.y)}`}`,
    },
  );
}

function basisChannel(points: readonly { readonly t: TransferStep['basis'] }[]): SpecPart {
  const domain = (Object.keys(basisColors) as TransferStep['basis'][]).filter((basis) =>
    points.some(({ t }) => t === basis),
  );
  return {
    field: 't',
    type: 'nominal',
    scale: { domain, range: domain.map((basis) => basisColors[basis]) },
    legend: { title: null, symbolType: 'circle', symbolOpacity: 1 },
  };
}

function percent(fraction: number): string {
  return `${shortNumber(Math.round(1000 * fraction) / 10)} %`;
}
