import type { ChartOptions, ChartSpec, SpecPart } from './chart-spec.ts';
import { isDrawable, numberScale, rangeOf, shortNumber } from './number-scale.ts';
import { distinct, seriesColor } from './series-color.ts';
import { chart, ink, sizeOf } from './theme.ts';
import { thinned } from './thinned.ts';

/** Points in the order in which a line joins them: x and y, n each. */
export interface Line {
  /** Name in the legend. Lines without one are not in it. */
  readonly name?: string | undefined;
  readonly x: ArrayLike<number>;
  readonly y: ArrayLike<number>;
  /** Default: false. */
  readonly dashed?: boolean | undefined;
}

export interface LineChartOptions extends ChartOptions {
  readonly lines: readonly Line[];
  /** Observations, drawn as dots over the lines: x and y, n each. */
  readonly points?: { readonly x: ArrayLike<number>; readonly y: ArrayLike<number> } | undefined;
  readonly xTitle: string;
  readonly yTitle: string;
  /** Logarithmic axes, ignored where a value is not positive. Default: decided by the values. */
  readonly xLog?: boolean | undefined;
  readonly yLog?: boolean | undefined;
  /** What the axes show; lines leave the plot beyond it. Default: all values. */
  readonly xRange?: readonly [low: number, high: number] | undefined;
  readonly yRange?: readonly [low: number, high: number] | undefined;
}

/**
 * Lines through numbers, and observations as dots: a function, an error along a hyperparameter, draws of a process. Numbers
 * that no axis can show interrupt a line.
 */
export function lineChart(options: LineChartOptions): ChartSpec {
  const { lines, points = { x: [], y: [] } } = options;
  const names = distinct(lines.map(({ name }, i) => name ?? `line ${i + 1}`));
  const rows = lines.flatMap((line, i) => rowsOf(line).map((row) => ({ ...row, s: names[i]! })));
  const dots = rowsOf(points)
    .filter(({ x, y }) => isWithin(x, options.xRange) && isWithin(y, options.yRange))
    .map((row) => ({ ...row, d: `${shortNumber(row.x!)}: ${shortNumber(row.y!)}` }));
  const shown = [...rows, ...dots];
  const x = axisOf(
    'x',
    shown.map((row) => row.x),
    options,
  );
  const y = axisOf(
    'y',
    shown.map((row) => row.y),
    options,
  );
  const { width, height } = sizeOf(options, { width: 620 });
  const color = colorOf(lines, names);
  const strokeDash = {
    field: 's',
    type: 'nominal',
    scale: { domain: names, range: lines.map(({ dashed }) => (dashed === true ? [6, 4] : [1, 0])) },
    legend: null,
  };
  const layer: SpecPart[] = [
    {
      data: { values: rows },
      mark: {
        type: 'line',
        strokeWidth: 2.2,
        strokeJoin: 'round',
        clip: true,
        aria: false,
        invalid: 'break-paths-show-domains',
      },
      encoding: { x, y, color, strokeDash, order: { field: 'i' } },
    },
    {
      data: { values: thinned(dots) },
      mark: {
        type: 'circle',
        size: 40,
        opacity: 0.8,
        color: ink.text,
        stroke: ink.background,
        strokeWidth: 1,
      },
      encoding: { x, y, description: { field: 'd' } },
    },
  ];
  const described = `${lines.length} lines${dots.length > 0 ? ` and ${dots.length} points` : ''}`;
  return chart({ width, height, layer }, { ...options, description: described });
}

function isWithin(
  value: number | null,
  [low, high]: readonly [number, number] = [-Infinity, Infinity],
): boolean {
  return value !== null && value >= low && value <= high;
}

interface Row {
  readonly i: number;
  /** Null where no axis can show it. */
  readonly x: number | null;
  readonly y: number | null;
}

function rowsOf({ x, y }: Pick<Line, 'x' | 'y'>): readonly Row[] {
  return Array.from(x, (at, i) => ({ i, x: isDrawable(at) ? at : null, y: isDrawable(y[i]) ? y[i] : null }));
}

function axisOf(channel: 'x' | 'y', values: readonly (number | null)[], options: LineChartOptions): SpecPart {
  const range = channel === 'x' ? options.xRange : options.yRange;
  const numbers = range ?? rangeOf(values.filter((v) => v !== null)) ?? [0, 1];
  const { scale, axis } = numberScale(numbers, { log: channel === 'x' ? options.xLog : options.yLog });
  return {
    field: channel,
    type: 'quantitative',
    title: channel === 'x' ? options.xTitle : options.yTitle,
    scale: channel === 'x' || range !== undefined ? { ...scale, nice: false } : scale,
    axis,
  };
}

/** Colours in the order of the lines; the legend has the lines with a name. */
function colorOf(lines: readonly Line[], names: readonly string[]): SpecPart {
  const values = names.filter((_, i) => lines[i]!.name !== undefined);
  const legend = { title: null, symbolType: 'stroke', symbolOpacity: 1, values };
  return { ...seriesColor(names), legend: values.length > 0 ? legend : null };
}
