import type { ChartOptions, ChartSpec, SpecPart } from './chart-spec.ts';
import { isDrawable, numberScale, shortNumber } from './number-scale.ts';
import { accent, chart, ink, primary, sizeOf } from './theme.ts';
import { thinned } from './thinned.ts';

/** Half width of a central 95 % interval of a normal distribution, in standard deviations. */
const z95 = 1.959963984540054;

/** What a model believes along a line: positions in the units of the axis (or names of levels), n each. */
export interface BeliefChartOptions extends ChartOptions {
  readonly positions: readonly (number | string)[];
  readonly mean: ArrayLike<number>;
  readonly variance: ArrayLike<number>;
  /** Utility of evaluating at each position; drawn below, its largest marked. */
  readonly acquisition?: ArrayLike<number> | undefined;
  readonly observations?:
    | readonly { readonly position: number | string; readonly value: number; readonly label?: string }[]
    | undefined;
  readonly position?: string | undefined;
  readonly value?: string | undefined;
  /** Logarithmic position axis; decided by the positions when left out. */
  readonly log?: boolean | undefined;
  /** Name of the acquisition's axis. */
  readonly acquisitionName?: string | undefined;
}

/** Mean with its 95 % interval along one axis, the observations on it, and the acquisition below: a parameter, or a task's curve over checkpoints. */
export function beliefChart(options: BeliefChartOptions): ChartSpec {
  const { positions, acquisition } = options;
  const numeric = positions.every((p) => typeof p === 'number');
  const observations = (options.observations ?? []).filter((o) => isDrawable(o.value));
  const rows = positions.flatMap((x, i) => {
    const mean = options.mean[i]!;
    const deviation = Math.sqrt(Math.max(options.variance[i]!, 0));
    const low = mean - z95 * deviation;
    const high = mean + z95 * deviation;
    if (!isDrawable(low) || !isDrawable(high)) return [];
    const d = `${shown(x)}: ${shortNumber(mean)}, 95 % between ${shortNumber(low)} and ${shortNumber(high)}`;
    return [{ x, mean, low, high, d }];
  });
  const places = [...positions, ...observations.map((o) => o.position)];
  const numbers = places.filter((p): p is number => typeof p === 'number');
  const xScale = numberScale(numbers, { log: options.log });
  const levels = [...new Set(places.map(String))];
  const channel: SpecPart = numeric
    ? { type: 'quantitative', scale: { ...xScale.scale, nice: false }, axis: xScale.axis }
    : {
        type: 'ordinal',
        sort: null,
        scale: { domain: levels, type: 'point', padding: 0.5 },
        axis: { labelAngle: 0 },
      };
  const y = numberScale([...rows.flatMap((r) => [r.low, r.high]), ...observations.map((o) => o.value)], {
    log: false,
  });
  const { width, height } = sizeOf(options, { height: 260 });
  const xOf = (title: string | null) => ({ field: 'x', title, ...channel });
  const title = options.position ?? 'position';
  const yOf = (field: string) => ({
    field,
    type: 'quantitative',
    title: options.value ?? 'value',
    scale: y.scale,
    axis: y.axis,
  });
  const x = xOf(acquisition === undefined ? title : null);
  const dots = observations.map((o) => ({
    x: o.position,
    y: o.value,
    d: `${o.label ?? shown(o.position)}: ${shortNumber(o.value)}`,
  }));
  const band = numeric
    ? { type: 'area', opacity: 0.18, color: primary, aria: false }
    : { type: 'rule', opacity: 0.35, strokeWidth: 8, color: primary };
  const top = {
    width,
    height,
    layer: [
      { data: { values: rows }, mark: band, encoding: { x, y: yOf('low'), y2: { field: 'high' } } },
      {
        data: { values: rows },
        mark: numeric
          ? { type: 'line', color: primary, strokeWidth: 2.2, aria: false }
          : { type: 'tick', color: primary, thickness: 2.5, size: 22, orient: 'horizontal' },
        encoding: { x, y: yOf('mean'), description: { field: 'd' } },
      },
      {
        data: { values: thinned(dots) },
        mark: {
          type: 'circle',
          size: 46,
          color: ink.text,
          opacity: 0.9,
          stroke: ink.background,
          strokeWidth: 1,
        },
        encoding: { x, y: yOf('y'), description: { field: 'd' } },
      },
    ],
  };
  const described = {
    ...options,
    description: `mean and 95 % interval at ${positions.length} positions, ${dots.length} observations`,
  };
  if (acquisition === undefined) return chart(top, described);
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
    title: options.acquisitionName ?? 'acquisition',
    scale: scale.scale,
    axis: { ...scale.axis, tickCount: 3 },
  };
  const below = {
    width,
    height: Math.round(height * 0.35),
    layer: [
      {
        data: { values: gains },
        mark: numeric
          ? {
              type: 'area',
              color: '#009e73',
              opacity: 0.25,
              line: { color: '#009e73', strokeWidth: 1.8 },
              aria: false,
            }
          : { type: 'bar', color: '#009e73', opacity: 0.6, size: 18 },
        encoding: { x: xOf(title), y: a },
      },
      {
        data: { values: peak === undefined ? [] : [peak] },
        mark: { type: 'rule', color: accent, strokeDash: [4, 3], strokeWidth: 1.5, aria: false },
        encoding: { x: xOf(title) },
      },
      {
        data: { values: peak === undefined ? [] : [{ ...peak, d: `next: ${shown(peak.x)}` }] },
        mark: { type: 'point', filled: true, color: accent, size: 60, shape: 'triangle-down', dy: -4 },
        encoding: { x: xOf(title), y: a, description: { field: 'd' } },
      },
    ],
  };
  return chart({ vconcat: [top, below], spacing: 12 }, described);
}

function shown(position: number | string): string {
  return typeof position === 'number' ? shortNumber(position) : position;
}
