import type { Direction, SpaceDescription, Trial } from '@foothold/core';
import type { ChartOptions, ChartSpec } from './chart-spec.ts';
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

/** Lines that can still be told apart. */
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
  const best = bestTrial(finite, options.direction);
  const sign = options.direction === 'minimize' ? 1 : -1;
  const ranked = [...finite].sort((a, b) => sign * (b.value - a.value));
  const shown = thinned(ranked, (t) => t === best, maxLines);
  const axes = parameterAxes(options.trials, options.space);
  const valueName = unusedName(
    options.value ?? 'value',
    axes.map((a) => a.name),
  );
  const names = [...axes.map((a) => a.name), valueName];
  const rank = new Map(ranked.map((t, i) => [t, ranked.length === 1 ? 1 : i / (ranked.length - 1)]));
  const lines = shown.flatMap((trial) => {
    const r = rank.get(trial)!;
    const d = `trial ${trial.number}: ${shortNumber(trial.value)}`;
    const at = axes.map((axis) => ({ a: axis.name, p: axis.place(trial.params[axis.name]) }));
    return [...at, { a: valueName, p: r }]
      .filter((point) => point.p !== undefined)
      .map((point) => ({ ...point, t: trial.number, r, b: trial === best, d }));
  });
  const ticks = axes.flatMap((axis) =>
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
  const y = { field: 'p', type: 'quantitative', scale: { domain: [0, 1] }, axis: null };
  const tickLabel = {
    ...{ type: 'text', align: 'left', dx: 6, fontSize: tickFont, color: ink.text },
    // Vega without a canvas takes texts for half as wide again as they are.
    limit: 1.45 * (pitch - 10),
  };
  const line = { type: 'line', strokeJoin: 'round', aria: shown.length <= maxLines };
  const encoding = { x, y, detail: { field: 't' }, description: { field: 'd' }, order: { value: null } };
  const headings = names.flatMap((a) => heading(a, pitch));
  const ends = names.map((a) => ({ a, low: 0, high: 1 }));
  const range = rangeOf(finite.map((t) => t.value));
  return chart(
    {
      width,
      height,
      layer: [
        {
          data: { values: ends },
          mark: { type: 'rule', color: ink.axis, aria: false },
          encoding: {
            x,
            y: { field: 'low', type: 'quantitative', scale: { domain: [0, 1] }, axis: null },
            y2: { field: 'high' },
          },
        },
        {
          data: { values: headings },
          mark: { type: 'text', baseline: 'bottom', fontSize: headingFont, fontWeight: 500, color: ink.text },
          encoding: {
            x,
            y: { field: 'row', type: 'quantitative', scale: null, axis: null },
            text: { field: 'text' },
          },
        },
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
        {
          data: { values: ticks },
          mark: { ...tickLabel, stroke: ink.background, strokeWidth: 3, strokeOpacity: 0.85, aria: false },
          encoding: { x, y, text: { field: 'label' } },
        },
        {
          data: { values: ticks },
          mark: tickLabel,
          encoding: { x, y, text: { field: 'label' } },
        },
      ],
    },
    {
      ...options,
      subtitle: options.subtitle ?? 'Stronger lines rank better; the best trial is orange',
      description: `${finite.length} trials over ${axes.length} parameters${range ? `, values from ${shortNumber(range[0])} to ${shortNumber(range[1])}` : ''}`,
    },
  );
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
