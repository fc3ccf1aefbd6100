import type { Direction, SpaceDescription, Trial } from '@foothold/core';
import type { ChartOptions, ChartSpec, SpecPart } from './chart-spec.ts';
import { bestTrial, finiteTrials } from './finite-trials.ts';
import { rangeOf, shortNumber } from './number-scale.ts';
import { parameterAxes } from './parameter-axis.ts';
import { characterWidth, textLines } from './text-lines.ts';
import { accent, chart, ink, primary, sizeOf } from './theme.ts';
import { thinned } from './thinned.ts';

export interface ParallelCoordinatesOptions extends ChartOptions {
  readonly trials: readonly Trial[];
  readonly direction: Direction;
  readonly space?: SpaceDescription | undefined;
  readonly value?: string;
}

/** Lines that can still be distinguished. */
const maxLines = 300;
const headingFont = 12;
/** Pixels of a heading's line. */
const headingLine = 14;
const tickFont = 10.5;

/**
 * Each trial as a line through its parameters to its value; stronger lines rank better, the best is orange. Values are
 * placed by rank, so that one bad value does not flatten the rest. Beyond 300 trials an even selection by rank is shown.
 */
export function parallelCoordinates(options: ParallelCoordinatesOptions): ChartSpec {
  const finite = finiteTrials(options.trials);
  const sign = options.direction === 'minimize' ? 1 : -1;
  const ranked = [...finite].sort((a, b) => sign * (b.value - a.value));
  const axes = parameterAxes(options.trials, options.space);
  const valueName = unusedName(
    options.value ?? 'value',
    axes.map((a) => a.name),
  );
  const names = [...axes.map((a) => a.name), valueName];
  const content: Content = {
    best: bestTrial(finite, options.direction),
    ranked,
    rank: new Map(ranked.map((t, i) => [t, ranked.length === 1 ? 1 : i / (ranked.length - 1)])),
    axes,
    valueName,
  };
  const { width, height } = sizeOf(options, { width: 700, height: 320 });
  const pitch = Math.max(width / names.length, 40);
  const x = {
    field: 'a',
    type: 'ordinal',
    sort: null,
    title: null,
    scale: { type: 'point', domain: names, padding: 0.35 },
    axis: null,
  };
  const range = rangeOf(finite.map((t) => t.value));
  return chart(
    {
      width,
      height,
      layer: [
        ...axisMarks(names, { x, pitch }),
        ...lineMarks(content, x),
        ...tickMarks(ticksOf(content), { x, pitch }),
      ],
    },
    {
      ...options,
      subtitle: options.subtitle ?? 'Stronger lines rank better; the best trial is orange',
      description: `${finite.length} trials over ${axes.length} parameters${range ? `, values from ${shortNumber(range[0])} to ${shortNumber(range[1])}` : ''}`,
    },
  );
}

type FiniteTrial = ReturnType<typeof finiteTrials>[number];

interface Content {
  readonly best: FiniteTrial | undefined;
  /** The trials from the worst to the best. */
  readonly ranked: readonly FiniteTrial[];
  /** 0 for the worst, 1 for the best. */
  readonly rank: ReadonlyMap<FiniteTrial, number>;
  readonly axes: ReturnType<typeof parameterAxes>;
  readonly valueName: string;
}

const unitY = { type: 'quantitative', scale: { domain: [0, 1] }, axis: null };

/** The axes and the names above them. */
function axisMarks(
  names: readonly string[],
  { x, pitch }: { readonly x: SpecPart; readonly pitch: number },
): readonly SpecPart[] {
  return [
    {
      data: { values: names.map((a) => ({ a, low: 0, high: 1 })) },
      mark: { type: 'rule', color: ink.axis, aria: false },
      encoding: { x, y: { field: 'low', ...unitY }, y2: { field: 'high' } },
    },
    {
      data: { values: names.flatMap((a) => heading(a, pitch)) },
      mark: { type: 'text', baseline: 'bottom', fontSize: headingFont, fontWeight: 500, color: ink.text },
      encoding: {
        x,
        y: { field: 'row', type: 'quantitative', scale: null, axis: null },
        text: { field: 'text' },
      },
    },
  ];
}

/** A line a trial, the best one over the others. */
function lineMarks({ best, ranked, rank, axes, valueName }: Content, x: SpecPart): readonly SpecPart[] {
  const shown = thinned(ranked, (t) => t === best, maxLines);
  const lines = shown.flatMap((trial) => {
    const r = rank.get(trial)!;
    const d = `trial ${trial.number}: ${shortNumber(trial.value)}`;
    const at = axes.map((axis) => ({ a: axis.name, p: axis.position(trial.params[axis.name]) }));
    return [...at, { a: valueName, p: r }]
      .filter((point) => point.p !== undefined)
      .map((point) => ({ ...point, t: trial.number, r, b: trial === best, d }));
  });
  const line = { type: 'line', strokeJoin: 'round', aria: shown.length <= maxLines };
  const encoding = {
    ...{ x, y: { field: 'p', ...unitY }, detail: { field: 't' } },
    ...{ description: { field: 'd' }, order: { value: null } },
  };
  return [
    {
      data: { values: lines.filter((l) => !l.b) },
      mark: { ...line, strokeWidth: 1.4, color: primary },
      encoding: {
        ...encoding,
        // Squared, so that the better half stands out. Strength works on light and dark pages alike.
        opacity: {
          field: 'r',
          type: 'quantitative',
          scale: { type: 'pow', exponent: 2, domain: [0, 1], range: [0.1, 0.85] },
          legend: null,
        },
      },
    },
    {
      data: { values: lines.filter((l) => l.b) },
      mark: { ...line, strokeWidth: 3, color: accent },
      encoding,
    },
  ];
}

interface Tick {
  readonly a: string;
  readonly p: number;
  readonly label: string;
}

function ticksOf({ ranked, rank, axes, valueName }: Content): readonly Tick[] {
  const ticks: Tick[] = axes.flatMap((axis) =>
    (axis.ticks.length > 12 ? thinned(axis.ticks, () => false, 12) : axis.ticks).map(({ at, label }) => ({
      a: axis.name,
      p: at,
      label,
    })),
  );
  for (const at of ranked.length === 0 ? [] : [0, 0.25, 0.5, 0.75, 1]) {
    const trial = ranked[Math.round(at * (ranked.length - 1))]!;
    ticks.push({ a: valueName, p: rank.get(trial)!, label: shortNumber(trial.value) });
  }
  return ticks;
}

function tickMarks(
  ticks: readonly Tick[],
  { x, pitch }: { readonly x: SpecPart; readonly pitch: number },
): readonly SpecPart[] {
  const label = {
    ...{ type: 'text', align: 'left', dx: 6, fontSize: tickFont, color: ink.text },
    // Vega without a canvas takes texts for half as wide again as they are.
    limit: 1.45 * (pitch - 10),
  };
  const around = { stroke: ink.background, strokeWidth: 3, strokeOpacity: 0.85, aria: false };
  const encoding = { x, y: { field: 'p', ...unitY }, text: { field: 'label' } };
  return [{ ...label, ...around }, label].map((mark) => ({ data: { values: ticks }, mark, encoding }));
}

/** The whole name above its axis, in lines that fit between two axes: the last one stands right above it. */
function heading(name: string, pitch: number): readonly { a: string; text: string; row: number }[] {
  const lines = textLines(name, Math.max(Math.floor((pitch - 6) / characterWidth(headingFont)), 6));
  return lines.map((text, i) => ({ a: name, text, row: -12 - headingLine * (lines.length - 1 - i) }));
}

function unusedName(wanted: string, taken: readonly string[]): string {
  let name = wanted;
  while (taken.includes(name)) name += ' ';
  return name;
}
