import { matrix, type Params } from '@foothold/core';
import type { ChartSpec, SpecPart } from './chart-spec.ts';
import { finiteTrials } from './finite-trials.ts';
import { isDrawable, numberScale, shortNumber } from './number-scale.ts';
import type { PosteriorOptions } from './posterior-curve.ts';
import { type GridLine, gridLine } from './posterior-grid.ts';
import { chart, sizeOf } from './theme.ts';
import { thinned } from './thinned.ts';

export interface PosteriorMapOptions<P extends Params> extends PosteriorOptions<P> {
  /** The parameters of the horizontal and the vertical axis. Default: the first two. */
  readonly parameters?: readonly [string, string] | undefined;
}

/** Cells a side. */
const cells = 40;
/** Pixels that axes, legends and the gap take of the width: of two panels side by side, of one. */
const [besideMargins, stackedMargins] = [220, 120];
/** Pixels of a panel below which the two stand one below the other. */
const minPanel = 150;

/** The belief over two parameters with the others fixed: mean, then standard deviation (below it where the chart is narrow), trials as points. Errors as for `posteriorCurve`. */
export async function posteriorMap<P extends Params>(options: PosteriorMapOptions<P>): Promise<ChartSpec> {
  const { posterior, space, direction } = options;
  const d = space.columns.length;
  const base = options.at === undefined ? new Float64Array(d).fill(0.5) : space.encode(options.at);
  const names = options.parameters ?? [space.columns[0]?.name ?? '', space.columns[1]?.name ?? ''];
  const across = gridLine(space, { name: names[0]!, count: cells, base });
  const up = gridLine(space, { name: names[1]!, count: cells, base });
  const ax = edgesOf(across);
  const uy = upward(edgesOf(up));
  const { points, corners } = gridOf([across, up], [ax, uy], base);
  const { mean, variance } = await posterior.marginals(points);
  const sign = direction === 'minimize' ? -1 : 1;
  const values = corners.map((corner, i) => ({
    ...corner,
    m: sign * mean[i]!,
    s: Math.sqrt(Math.max(variance[i]!, 0)),
  }));
  const dots = finiteTrials(options.trials ?? []).flatMap((t) => {
    const x = plain(t.params[names[0]!]);
    const y = plain(t.params[names[1]!]);
    return x === undefined || y === undefined
      ? []
      : [{ x, y, d: `trial ${t.number}: ${shortNumber(t.value)}` }];
  });
  const all = sizeOf(options, { width: 700, height: 280 });
  const beside = Math.floor((all.width - besideMargins) / 2);
  const isStacked = beside < minPanel;
  const width = isStacked ? Math.max(all.width - stackedMargins, 60) : beside;
  const panel = (field: 'm' | 's', title: string, scheme: SpecPart) =>
    panelOf({ field, title, scheme, values, dots }, { names, axes: [ax, uy], width, height: all.height });
  return chart(
    {
      [isStacked ? 'vconcat' : 'hconcat']: [
        panel('m', `mean of ${options.value ?? 'value'}`, {
          scheme: 'viridis',
          reverse: direction === 'minimize',
        }),
        panel('s', 'standard deviation', { scheme: 'greys' }),
      ],
      spacing: 24,
      resolve: { scale: { color: 'independent' } },
    },
    { ...options, description: `belief over ${names.join(' and ')}, ${dots.length} trials` },
  );
}

/** The points of a grid over two parameters with the others as in `base`, and the corners of each one's cell. */
function gridOf(
  [across, up]: readonly [GridLine, GridLine],
  [ax, uy]: readonly [Cells, Cells],
  base: Float64Array,
) {
  const d = base.length;
  const points = matrix(across.coordinates.length * up.coordinates.length, d);
  const corners: SpecPart[] = [];
  across.coordinates.forEach((u, i) => {
    up.coordinates.forEach((v, j) => {
      const row = i * up.coordinates.length + j;
      points.data.set(base, row * d);
      points.data[row * d + across.index] = u;
      points.data[row * d + up.index] = v;
      corners.push({ ...ax.cell('x', i), ...uy.cell('y', j) });
    });
  });
  return { points, corners };
}

function panelOf(
  content: {
    readonly field: 'm' | 's';
    readonly title: string;
    readonly scheme: SpecPart;
    readonly values: readonly { readonly m: number; readonly s: number }[];
    readonly dots: readonly SpecPart[];
  },
  layout: {
    readonly names: readonly string[];
    readonly axes: readonly [Cells, Cells];
    readonly width: number;
    readonly height: number;
  },
): SpecPart {
  const { field, title, scheme, values, dots } = content;
  const { names, width, height } = layout;
  const [ax, uy] = layout.axes;
  const range = numberScale(
    values.map((v) => v[field]),
    { log: false },
  );
  const legend = {
    ...{ type: 'gradient', orient: 'right', title: null, gradientLength: height - 20 },
    ...{ gradientThickness: 10, format: '~g', tickCount: 4 },
  };
  // On a dark page too: by its name, which `darkChart` leaves as it is. The cells have the same colours on both.
  const circle = { type: 'circle', size: 34, color: 'white', opacity: 1 };
  return {
    width,
    height,
    title: { text: title, fontSize: 12, fontWeight: 500, offset: 6 },
    layer: [
      {
        data: { values: values.filter((v) => isDrawable(v[field])) },
        mark: { type: 'rect', aria: false, strokeWidth: 0 },
        encoding: {
          x: { field: 'x', title: names[0]!, ...ax.channel },
          y: { field: 'y', title: names[1]!, ...uy.channel },
          ...(ax.numeric ? { x2: { field: 'x2' } } : {}),
          ...(uy.numeric ? { y2: { field: 'y2' } } : {}),
          color: { field, type: 'quantitative', scale: { ...scheme, domain: range.scale['domain'] }, legend },
        },
      },
      {
        data: { values: thinned(dots) },
        mark: { ...circle, stroke: '#101418', strokeWidth: 1.2 },
        encoding: {
          x: { field: 'x', ...ax.channel },
          y: { field: 'y', ...uy.channel },
          description: { field: 'd' },
        },
      },
    ],
  };
}

function plain(value: unknown): number | string | undefined {
  return value === undefined ? undefined : typeof value === 'number' ? value : String(value);
}

/** Levels start at the bottom, as numbers do. */
function upward(cells: Cells): Cells {
  const scale = { ...(cells.channel.scale as SpecPart), reverse: true };
  return cells.numeric ? cells : { ...cells, channel: { ...cells.channel, scale } };
}

interface Cells {
  readonly numeric: boolean;
  readonly channel: SpecPart;
  cell(name: 'x' | 'y', i: number): SpecPart;
}

/** Cell borders halfway between neighbours: in the middle for numbers, geometric on logarithmic axes; levels have bands of their own. */
function edgesOf(line: GridLine): Cells {
  const values = line.values;
  if (values.length < 13 || !values.every((v) => typeof v === 'number'))
    return {
      numeric: false,
      channel: { type: 'ordinal', sort: null, scale: { domain: values.map(plain) }, axis: { labelAngle: 0 } },
      cell: (name, i) => ({ [name]: values[i] }),
    };
  const v = values as readonly number[];
  const forth = line.log ? Math.log : (x: number) => x;
  const back = line.log ? Math.exp : (x: number) => x;
  const at = (i: number) => forth(v[i]!);
  const last = v.length - 1;
  const edges = v.map((_, i) => (i === 0 ? at(0) - (at(1) - at(0)) / 2 : (at(i - 1) + at(i)) / 2));
  edges.push(at(last) + (at(last) - at(last - 1)) / 2);
  const borders = edges.map(back);
  const { scale, axis } = numberScale([borders[0]!, borders[v.length]!], { log: line.log });
  return {
    numeric: true,
    channel: {
      type: 'quantitative',
      scale: { ...scale, nice: false },
      axis: { ...axis, tickCount: 5, grid: false },
    },
    // Each cell reaches under the next one, which is drawn later: cells side by side show hairlines between them.
    cell: (name, i) => ({ [name]: borders[i], [`${name}2`]: borders[Math.min(i + 2, v.length)] }),
  };
}
