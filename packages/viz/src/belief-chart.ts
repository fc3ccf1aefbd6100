import type { ChartOptions, ChartSpec, SpecPart } from './chart-spec.ts';
import { labelsOf, shortened } from './name-axis.ts';
import { isDrawable, numberScale, shortNumber } from './number-scale.ts';
import { accent, chart, ink, primary, sizeOf } from './theme.ts';
import { thinned } from './thinned.ts';

/** Half width of a central 95 % interval of a normal distribution, in standard deviations. */
const z95 = 1.959963984540054;

/** What a model predicts along a line: positions in the units of the axis (or names of levels), n each. */
export interface BeliefChartOptions extends ChartOptions {
  readonly positions: readonly (number | string)[];
  readonly mean: ArrayLike<number>;
  readonly variance: ArrayLike<number>;
  /** Ends of an interval at each position, which holds `share` of the belief (0.9 for 90 %). Default: 95 % of a normal distribution. */
  readonly interval?:
    | { readonly share: number; readonly low: ArrayLike<number>; readonly high: ArrayLike<number> }
    | undefined;
  /** Values that the value axis has room for, so that charts side by side have one axis. Default: what is drawn. */
  readonly valueRange?: readonly [low: number, high: number] | undefined;
  /** Utility of evaluating at each position; drawn below, its largest marked. */
  readonly acquisition?: ArrayLike<number> | undefined;
  readonly observations?:
    | readonly { readonly position: number | string; readonly value: number; readonly label?: string }[]
    | undefined;
  readonly position?: string | undefined;
  readonly value?: string | undefined;
  /** Logarithmic position axis. Default: decided by the positions. */
  readonly log?: boolean | undefined;
  /** Name of the acquisition's axis. */
  readonly acquisitionName?: string | undefined;
}

interface Row {
  readonly x: number | string;
  readonly mean: number;
  readonly low: number;
  readonly high: number;
  readonly d: string;
}

interface Layout {
  readonly width: number;
  readonly height: number;
  readonly numeric: boolean;
  readonly xOf: (title: string | null) => SpecPart;
  readonly title: string;
}

/** Mean with its interval along one axis, the observations on it, and the acquisition below: a parameter, or a task's curve over checkpoints. */
export function beliefChart(options: BeliefChartOptions): ChartSpec {
  const { positions, acquisition } = options;
  const observations = (options.observations ?? []).filter((o) => isDrawable(o.value));
  const channel = positionChannel([...positions, ...observations.map((o) => o.position)], options);
  const { width, height } = sizeOf(options, { height: 260 });
  const layout: Layout = {
    width,
    height,
    numeric: isNumeric(options),
    xOf: (title) => ({ field: 'x', title, ...channel }),
    title: options.position ?? 'position',
  };
  const top = meanPanel({ ...options, observations }, layout);
  const described = {
    ...options,
    description: `mean and ${percentOf(options)} interval at ${positions.length} positions, ${observations.length} observations`,
  };
  if (acquisition === undefined) return chart(top, described);
  const below = acquisitionPanel({ ...options, acquisition }, layout);
  return chart({ vconcat: [top, below], spacing: 12 }, described);
}

function isNumeric({ positions }: BeliefChartOptions): boolean {
  return positions.every((p) => typeof p === 'number');
}

function positionChannel(
  shownPositions: readonly (number | string)[],
  options: BeliefChartOptions,
): SpecPart {
  const numbers = shownPositions.filter((p): p is number => typeof p === 'number');
  const xScale = numberScale(numbers, { log: options.log });
  const levels = [...new Set(shownPositions.map(String))];
  return isNumeric(options)
    ? {
        type: 'quantitative',
        scale: { ...xScale.scale, nice: false },
        axis: { ...xScale.axis, labelFlush: true },
      }
    : {
        type: 'ordinal',
        sort: null,
        scale: { domain: levels, type: 'point', padding: 0.5 },
        axis: nameAxis(levels, sizeOf(options).width),
      };
}

/** Labels that stay within the chart: a name loses its middle where it is wider than its step and the padding. */
function nameAxis(names: readonly string[], width: number): SpecPart {
  const maxCharacters = Math.max(Math.floor((width / Math.max(names.length, 1) + 24) / 6.2), 6);
  return {
    labelAngle: 0,
    labelLimit: 0,
    labelExpr: labelsOf(names, (name) => shortened(name, maxCharacters)),
  };
}

function percentOf({ interval }: BeliefChartOptions): string {
  return `${shortNumber(100 * (interval?.share ?? 0.95))} %`;
}

function rowsOf(options: BeliefChartOptions): readonly Row[] {
  const { positions, mean, variance, interval } = options;
  const percent = percentOf(options);
  return positions.flatMap((x, i) => {
    const m = mean[i]!;
    const reach = z95 * Math.sqrt(Math.max(variance[i]!, 0));
    const low = interval?.low[i] ?? m - reach;
    const high = interval?.high[i] ?? m + reach;
    if (!isDrawable(low) || !isDrawable(high)) return [];
    const d = `${shown(x)}: ${shortNumber(m)}, ${percent} between ${shortNumber(low)} and ${shortNumber(high)}`;
    return [{ x, mean: m, low, high, d }];
  });
}

function meanPanel(
  options: BeliefChartOptions & { readonly observations: NonNullable<BeliefChartOptions['observations']> },
  { width, height, numeric, xOf, title }: Layout,
): SpecPart {
  const { observations } = options;
  const rows = rowsOf(options);
  const drawn = [...rows.flatMap((r) => [r.low, r.high]), ...observations.map((o) => o.value)];
  const scale = numberScale(options.valueRange ?? drawn, { log: false });
  const y = (field: string) => ({
    field,
    type: 'quantitative',
    title: options.value ?? 'value',
    scale: scale.scale,
    axis: scale.axis,
  });
  const x = xOf(options.acquisition === undefined ? title : null);
  const dots = observations.map((o) => ({
    x: o.position,
    y: o.value,
    d: `${o.label ?? shown(o.position)}: ${shortNumber(o.value)}`,
  }));
  const band = numeric
    ? { type: 'area', opacity: 0.18, color: primary, aria: false }
    : { type: 'rule', opacity: 0.35, strokeWidth: 8, color: primary };
  const line = numeric
    ? { type: 'line', color: primary, strokeWidth: 2.2, aria: false }
    : { type: 'tick', color: primary, thickness: 2.5, size: 22, orient: 'horizontal' };
  const circle = {
    ...{ type: 'circle', size: 46, color: ink.text, opacity: 0.9 },
    ...{ stroke: ink.background, strokeWidth: 1 },
  };
  const layer = [
    { data: { values: rows }, mark: band, encoding: { x, y: y('low'), y2: { field: 'high' } } },
    { data: { values: rows }, mark: line, encoding: { x, y: y('mean'), description: { field: 'd' } } },
    {
      data: { values: thinned(dots) },
      mark: circle,
      encoding: { x, y: y('y'), description: { field: 'd' } },
    },
  ];
  return { width, height, layer };
}

function acquisitionPanel(
  {
    positions,
    acquisition,
    acquisitionName,
  }: BeliefChartOptions & { readonly acquisition: ArrayLike<number> },
  { width, height, numeric, xOf, title }: Layout,
): SpecPart {
  const gains = positions.flatMap((p, i) =>
    isDrawable(acquisition[i]) ? [{ x: p, a: acquisition[i]! }] : [],
  );
  const peak = gains.reduce<{ x: number | string; a: number } | undefined>(
    (best, g) => (best === undefined || g.a > best.a ? g : best),
    undefined,
  );
  const scale = numberScale(
    gains.map((g) => g.a),
    { log: false, zero: gains.every((g) => g.a >= 0) },
  );
  const a = {
    field: 'a',
    type: 'quantitative',
    title: acquisitionName ?? 'acquisition',
    scale: scale.scale,
    axis: { ...scale.axis, tickCount: 3 },
  };
  const color = '#009e73';
  const line = { color, strokeWidth: 1.8 };
  const mark = numeric
    ? { type: 'area', color, opacity: 0.25, line, aria: false }
    : { type: 'bar', color, opacity: 0.6, size: 18 };
  const marked = peak === undefined ? [] : [peak];
  const layer = [
    { data: { values: gains }, mark, encoding: { x: xOf(title), y: a } },
    {
      data: { values: marked },
      mark: { type: 'rule', color: accent, strokeDash: [4, 3], strokeWidth: 1.5, aria: false },
      encoding: { x: xOf(title) },
    },
    {
      data: { values: marked.map((p) => ({ ...p, d: `next: ${shown(p.x)}` })) },
      mark: { type: 'point', filled: true, color: accent, size: 60, shape: 'triangle-down', dy: -4 },
      encoding: { x: xOf(title), y: a, description: { field: 'd' } },
    },
  ];
  return { width, height: Math.round(height * 0.35), layer };
}

function shown(position: number | string): string {
  return typeof position === 'number' ? shortNumber(position) : position;
}
