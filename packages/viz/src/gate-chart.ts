import type { ChartOptions, ChartSpec, SpecPart } from './chart-spec.ts';
import { shortNumber } from './number-scale.ts';
import { chart, ink, primary, seriesColors, sizeOf } from './theme.ts';
import { thinned } from './thinned.ts';
import type { TransferStep } from './transfer-steps.ts';

export interface GateChartOptions extends ChartOptions {
  /** From `transferSteps`. */
  readonly steps: readonly TransferStep[];
}

const turnColors: Readonly<Record<TransferStep['turn'], string>> = {
  'sources alone': seriesColors[2],
  'with sources': primary,
  'without sources': seriesColors[7],
};

/**
 * How much each suggestion listened to earlier studies: a point a trial, coloured by whose turn it was, at 1 where the
 * sources decided alone, at 0 where a model without them did, and at the model's gate in between (the line).
 */
export function gateChart(options: GateChartOptions): ChartSpec {
  const { steps } = options;
  const { width, height } = sizeOf(options, { height: 200 });
  const points = steps.flatMap(({ trial, turn, gate }) => {
    const y = turn === 'sources alone' ? 1 : turn === 'without sources' ? 0 : gate;
    return y === undefined ? [] : [{ x: trial, y, t: turn, d: `trial ${trial}: ${turn}, ${percent(y)}` }];
  });
  const gates = steps.flatMap(({ trial, gate }) => (gate === undefined ? [] : [{ x: trial, y: gate }]));
  const turns = (Object.keys(turnColors) as TransferStep['turn'][]).filter((turn) =>
    points.some(({ t }) => t === turn),
  );
  const last = gates.at(-1);
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
    title: 'listens to the sources',
    scale: { domain: [0, 1], nice: false },
    axis: { format: '.0%', tickCount: 5 },
  };
  const layer: SpecPart[] = [
    {
      data: { values: thinned(gates) },
      mark: { type: 'line', color: primary, strokeWidth: 1.6, opacity: 0.55, aria: false },
      encoding: { x, y },
    },
    {
      data: { values: thinned(points) },
      mark: { type: 'circle', size: points.length > 200 ? 18 : 42, opacity: 0.9 },
      encoding: {
        x,
        y,
        color: {
          field: 't',
          type: 'nominal',
          scale: { domain: turns, range: turns.map((turn) => turnColors[turn]) },
          legend: { title: null, symbolType: 'circle', symbolOpacity: 1 },
        },
        description: { field: 'd' },
      },
    },
  ];
  if (points.length === 0)
    layer.push({
      data: { values: [{}] },
      mark: { type: 'text', text: 'no suggestion says', color: ink.muted, fontSize: 13, aria: false },
      encoding: { x: { value: width / 2 }, y: { value: height / 2 } },
    });
  return chart(
    { width, height, layer },
    {
      ...options,
      description: `${points.length} suggestions${last === undefined ? '' : `; the last gate is ${percent(last.y)}`}`,
    },
  );
}

function percent(share: number): string {
  return `${shortNumber(Math.round(1000 * share) / 10)} %`;
}
