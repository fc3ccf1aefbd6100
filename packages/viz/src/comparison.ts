import type { Direction } from '@foothold/core';
import { bestOfValues } from './best-so-far.ts';
import type { ChartOptions, ChartSpec, SpecPart } from './chart-spec.ts';
import { isDrawable, numberScale, rangeOf, shortNumber } from './number-scale.ts';
import { distinct } from './series-color.ts';
import { chart, ink, seriesColors, sizeOf } from './theme.ts';

/** One way of doing it: the values of its evaluations in order, an array a repetition (NaN for a failed one). */
export interface ComparedGroup {
  readonly name: string;
  readonly runs: readonly ArrayLike<number>[];
}

export interface ComparisonOptions extends ChartOptions {
  /** The first one is the one to look at: drawn thick, and set against the last one in the subtitle. */
  readonly groups: readonly ComparedGroup[];
  readonly direction: Direction;
  readonly value?: string;
  /** Title of the horizontal axis. Default: 'evaluations'. */
  readonly evaluations?: string;
  readonly log?: boolean;
}

interface Step {
  readonly s: string;
  readonly x: number;
  readonly m: number;
  readonly low: number;
  readonly high: number;
}

/**
 * Best value so far of several methods over repeated runs: medians as step lines named at their ends, quartiles as
 * bands. A dashed line shows where the first method reaches what the last one has at its end, if it does so earlier.
 */
export function comparison(options: ComparisonOptions): ChartSpec {
  const { groups, direction } = options;
  const names = distinct(groups.map((g) => g.name));
  const steps = groups.map(({ runs }, g) =>
    quartiles(
      names[g]!,
      runs.map((run) => bestOfValues(run, direction)),
    ),
  );
  const all = steps.flat();
  const longest = all.reduce((end, s) => Math.max(end, s.x), 1);
  // The medians set the range: quartiles of the first evaluations would flatten all the rest, and are cut off.
  const medians = all.map((s) => s.m);
  const [low, high] = rangeOf(medians) ?? [0, 1];
  // Errors and regrets that come near 0 are seen against it.
  const y = numberScale(medians, { log: options.log, zero: low >= 0 && low < 0.25 * high });
  const { width, height } = sizeOf(options, { width: 620, height: 340 });
  const ends = spread(
    steps.flatMap((s) => (s.length > 0 ? [s[s.length - 1]!] : [])),
    { height, scale: y },
  );
  const reached = milestone(steps, direction);
  const color = {
    field: 's',
    type: 'nominal',
    scale: { domain: [...names], range: names.map((_, i) => seriesColors[i % seriesColors.length]) },
    legend: null,
  };
  const x = {
    field: 'x',
    type: 'quantitative',
    title: options.evaluations ?? 'evaluations',
    scale: { domain: [1, Math.max(longest, 2)], nice: false, zero: false },
    axis: { tickMinStep: 1, format: ',d' },
  };
  const yOf = (field: string) => ({
    field,
    type: 'quantitative',
    title: options.value ?? 'best value so far',
    // Not rounded to ticks: the labels' heights are computed from this very range.
    scale: { ...y.scale, nice: false },
    axis: y.axis,
  });
  const layer: SpecPart[] = [
    {
      data: { values: all },
      mark: { type: 'area', interpolate: 'step-after', opacity: 0.14, clip: true, aria: false },
      encoding: { x, y: yOf('low'), y2: { field: 'high' }, color },
    },
    ...(reached === undefined ? [] : milestoneMarks(reached, { x, y: yOf('m') })),
    medianLine(
      all.filter((s) => s.s !== names[0]),
      2,
      { x, y: yOf('m'), color },
    ),
    medianLine(steps[0] ?? [], 3.4, { x, y: yOf('m'), color }),
    endLabels(ends, { x, color }),
  ];
  return chart(
    { width, height, layer },
    {
      ...options,
      subtitle: options.subtitle ?? reached?.text,
      description:
        ends.map((e) => `${e.s} reaches ${shortNumber(e.m)} after ${e.x} evaluations`).join('; ') ||
        'no runs',
    },
  );
}

function medianLine(values: readonly Step[], strokeWidth: number, encoding: SpecPart): SpecPart {
  const line = { type: 'line', interpolate: 'step-after', strokeJoin: 'round', aria: false };
  return { data: { values }, mark: { ...line, strokeWidth }, encoding };
}

/** The methods' names at the ends of their lines. */
function endLabels(
  ends: readonly (Step & { readonly pixel: number })[],
  { x, color }: { readonly x: SpecPart; readonly color: SpecPart },
): SpecPart {
  const values = ends.map((e) => ({ ...e, d: `${e.s}: ${shortNumber(e.m)} after ${e.x}` }));
  const text = { type: 'text', align: 'left', baseline: 'middle', dx: 8 };
  return {
    data: { values },
    mark: { ...text, fontSize: 12.5, fontWeight: 600, limit: 260 },
    encoding: {
      x,
      y: { field: 'pixel', type: 'quantitative', scale: null, axis: null },
      text: { field: 's' },
      color,
      description: { field: 'd' },
    },
  };
}

function quartiles(s: string, runs: readonly Float64Array[]): readonly Step[] {
  const longest = runs.reduce((end, run) => Math.max(end, run.length), 0);
  const result: Step[] = [];
  for (let i = 0; i < longest; i++) {
    const values = runs.flatMap((r) => (isDrawable(r[i]) ? [r[i]!] : [])).sort((a, b) => a - b);
    if (values.length > 0)
      result.push({
        s,
        x: i + 1,
        m: quantile(values, 0.5),
        low: quantile(values, 0.25),
        high: quantile(values, 0.75),
      });
  }
  return result;
}

function quantile(sorted: readonly number[], q: number): number {
  const at = q * (sorted.length - 1);
  const [below, above] = [sorted[Math.floor(at)]!, sorted[Math.ceil(at)]!];
  return below + (above - below) * (at - Math.floor(at));
}

interface Milestone {
  readonly at: number;
  readonly than: number;
  readonly level: number;
  readonly text: string;
}

/** Where the first method is as good as the last one becomes, if that is earlier. */
function milestone(steps: readonly (readonly Step[])[], direction: Direction): Milestone | undefined {
  const first = steps[0];
  const last = steps[steps.length - 1];
  const end = last?.[last.length - 1];
  if (steps.length < 2 || first === undefined || end === undefined) return undefined;
  const since = last?.find((s) => s.m === end.m) ?? end;
  const hit = first.find((s) => (direction === 'minimize' ? s.m <= end.m : s.m >= end.m));
  if (hit === undefined || hit.x >= since.x) return undefined;
  const text = `${hit.s} needs ${hit.x} ${hit.x === 1 ? 'evaluation' : 'evaluations'} for what ${end.s} has after ${since.x}`;
  return { at: hit.x, than: since.x, level: end.m, text };
}

function milestoneMarks(
  reached: Milestone,
  { x, y }: { readonly x: SpecPart; readonly y: SpecPart },
): readonly SpecPart[] {
  const from = { x: reached.at, x2: reached.than, m: reached.level };
  return [
    {
      data: { values: [from] },
      mark: { type: 'rule', color: ink.muted, strokeDash: [5, 4], strokeWidth: 1.4, aria: false },
      encoding: { x, x2: { field: 'x2' }, y },
    },
    {
      data: { values: [from, { ...from, x: reached.than }] },
      mark: { type: 'point', filled: true, color: ink.text, size: 55, opacity: 1, aria: false },
      encoding: { x, y },
    },
  ];
}

/** Pixel heights for the labels at the ends of the lines, with a gap between them so that none covers another. */
function spread(
  ends: readonly Step[],
  { height, scale }: { readonly height: number; readonly scale: ReturnType<typeof numberScale> },
): readonly (Step & { readonly pixel: number })[] {
  const forth = scale.log ? Math.log : (v: number) => v;
  const [low, high] = (scale.scale.domain as [number, number]).map(forth) as [number, number];
  const sorted = ends
    .map((end) => ({ ...end, pixel: height * (1 - (forth(end.m) - low) / (high - low)) }))
    .sort((a, b) => a.pixel - b.pixel);
  const gap = 16;
  let lowest = Math.min(height - gap * (sorted.length - 1), sorted[0]?.pixel ?? 0);
  return sorted.map((end) => {
    const pixel = Math.max(end.pixel, lowest);
    lowest = pixel + gap;
    return { ...end, pixel };
  });
}
