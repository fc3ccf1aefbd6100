import type { ChartOptions, ChartSpec, SpecPart } from './chart-spec.ts';
import { isDrawable, numberScale, shortNumber } from './number-scale.ts';
import { distinct } from './series-color.ts';
import { accent, chart, ink, primary, sizeOf, smallWidth } from './theme.ts';
import { thinned } from './thinned.ts';

export interface RowMeansOptions extends ChartOptions {
  readonly rows: readonly {
    readonly name: string;
    /** A checkpoint's step; rows without one are drawn as a ranking. */
    readonly position?: number;
    readonly mean: number;
    readonly variance: number;
    /** The true mean where it is known. */
    readonly truth?: number;
  }[];
  /** Index of the row that was chosen. */
  readonly chosen?: number | undefined;
  readonly position?: string;
  readonly value?: string;
}

const z95 = 1.959963984540054;
/** Rows of a ranking that can be read. */
const maxRanked = 40;

interface Row {
  readonly n: string;
  readonly p: number | undefined;
  readonly m: number;
  readonly low: number;
  readonly high: number;
  readonly truth: number | undefined;
  readonly chosen: boolean;
  readonly d: string;
}

const described = { description: { field: 'd' } };

/** Estimated mean of each row with its 95 % interval and the chosen row marked: over the position where all rows have one, else as a ranking of the 40 highest. */
export function rowMeans(options: RowMeansOptions): ChartSpec {
  const rows = rowsOf(options);
  const scale = numberScale(
    rows.flatMap((r) => [r.low, r.high, ...(isDrawable(r.truth) ? [r.truth] : [])]),
    { log: false },
  );
  const winner = rows.find((r) => r.chosen);
  const subtitle = options.subtitle ?? (winner === undefined ? undefined : `chosen: ${winner.d}`);
  const value = (field: string) => ({
    field,
    type: 'quantitative',
    title: options.value ?? 'mean',
    scale: scale.scale,
    axis: scale.axis,
  });
  const body = rows.every((r) => isDrawable(r.p))
    ? overPositions(rows, options, value)
    : asRanking(rows, options, value);
  return chart(body, {
    ...options,
    subtitle,
    description: `${rows.length} rows${winner === undefined ? '' : `, chosen ${winner.d}`}`,
  });
}

/** The rows whose interval can be drawn. */
function rowsOf(options: RowMeansOptions): readonly Row[] {
  const names = distinct(options.rows.map((r) => r.name));
  return options.rows.flatMap((row, i) => {
    const half = z95 * Math.sqrt(Math.max(row.variance, 0));
    const [low, high] = [row.mean - half, row.mean + half];
    if (!isDrawable(low) || !isDrawable(high)) return [];
    const d = `${row.name}: ${shortNumber(row.mean)}, 95 % between ${shortNumber(low)} and ${shortNumber(high)}`;
    const { position: p, mean: m, truth } = row;
    return [{ n: names[i]!, p, m, low, high, truth, chosen: i === options.chosen, d }];
  });
}

function overPositions(
  rows: readonly Row[],
  options: RowMeansOptions,
  value: (field: string) => SpecPart,
): SpecPart {
  const sorted = [...rows].sort((a, b) => a.p! - b.p!);
  const winner = rows.filter((r) => r.chosen).slice(0, 1);
  const across = numberScale(
    sorted.map((r) => r.p!),
    { log: false },
  );
  const x = {
    field: 'p',
    type: 'quantitative',
    title: options.position ?? 'position',
    scale: { ...across.scale, nice: false },
    axis: { tickCount: 8, ...across.axis, labelFlush: true },
  };
  const layer: SpecPart[] = [
    {
      data: { values: sorted },
      mark: { type: 'area', color: primary, opacity: 0.18, aria: false },
      encoding: { x, y: value('low'), y2: { field: 'high' } },
    },
    {
      data: { values: sorted.filter((r) => isDrawable(r.truth)) },
      mark: { type: 'line', color: ink.axis, strokeWidth: 1.3, strokeDash: [4, 3], aria: false },
      encoding: { x, y: value('truth') },
    },
    {
      data: { values: sorted },
      mark: { type: 'line', color: primary, strokeWidth: 2, aria: false },
      encoding: { x, y: value('m') },
    },
    {
      data: { values: thinned(sorted) },
      mark: { type: 'circle', color: primary, size: sorted.length > 200 ? 10 : 24, opacity: 0.8 },
      encoding: { x, y: value('m'), ...described },
    },
    {
      data: { values: winner },
      mark: { type: 'rule', color: accent, strokeWidth: 1.5, strokeDash: [4, 3], aria: false },
      encoding: { x },
    },
    {
      data: { values: winner },
      mark: { type: 'point', filled: true, shape: 'diamond', color: accent, size: 150, opacity: 1 },
      encoding: { x, y: value('m'), ...described },
    },
  ];
  return { ...sizeOf(options), layer };
}

function asRanking(
  rows: readonly Row[],
  options: RowMeansOptions,
  value: (field: string) => SpecPart,
): SpecPart {
  const ranked = [...rows].sort((a, b) => b.m - a.m);
  const shown = ranked.filter((r, i) => i < maxRanked || r.chosen);
  const y = {
    field: 'n',
    type: 'nominal',
    sort: null,
    title: null,
    scale: { domain: shown.map((r) => r.n) },
    axis: {
      ...{ labelColor: ink.text, grid: true, labelOverlap: false },
      ...(options.width !== undefined && options.width < smallWidth ? { labelLimit: 130 } : {}),
    },
  };
  const color = {
    field: 'chosen',
    type: 'nominal',
    scale: { domain: [true, false], range: [accent, primary] },
    legend: null,
  };
  const circle = { type: 'circle', size: 60, opacity: 1 };
  return {
    ...sizeOf(options, { width: 560, height: Math.max(shown.length * 18, 60) }),
    data: { values: shown },
    layer: [
      {
        mark: { type: 'rule', strokeWidth: 2, opacity: 0.5, aria: false },
        encoding: { y, x: value('low'), x2: { field: 'high' }, color },
      },
      { mark: circle, encoding: { y, x: value('m'), color, ...described } },
    ],
  };
}
