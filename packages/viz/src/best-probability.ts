import { ShapeError } from '@foothold/core';
import type { ChartOptions, ChartSpec, SpecPart } from './chart-spec.ts';
import { distinct, seriesColor } from './series-color.ts';
import { chart, ink, sizeOf } from './theme.ts';

export interface BestProbabilityOptions extends ChartOptions {
  readonly rowNames: readonly string[];
  /** Moments of a search in order: how many cells were known, and the probability of each row to be the best, 0 to 1. */
  readonly moments: readonly { readonly cells: number; readonly probability: ArrayLike<number> }[];
}

/** Rows that have a line of their own. */
const maxRows = 6;

/**
 * The probability of being the best over the cells that were known, a line for each of the six rows that have most of it at the end or
 * led before. Throws ShapeError where a moment has another number of rows.
 */
export function bestProbability(options: BestProbabilityOptions): ChartSpec {
  const { moments, rowNames } = options;
  for (const { probability } of moments)
    if (probability.length !== rowNames.length)
      throw new ShapeError(`a moment has ${probability.length} probabilities of ${rowNames.length} rows`);
  const { width, height } = sizeOf(options, { height: 240 });
  const shown = shownRows(options);
  const names = distinct(shown.map((row) => rowNames[row]!));
  const values = moments.flatMap(({ cells, probability }) =>
    shown.map((row, i) => ({
      x: cells,
      y: probability[row]!,
      s: names[i]!,
      d: `${rowNames[row]} after ${cells} cells: ${percent(probability[row]!)}`,
    })),
  );
  const x = {
    field: 'x',
    type: 'quantitative',
    title: 'cells known',
    scale: { zero: false, nice: false },
    axis: { tickMinStep: 1, format: ',d' },
  };
  const y = {
    field: 'y',
    type: 'quantitative',
    title: 'probability of being the best',
    scale: { domain: [0, 1], nice: false },
    axis: { format: '.0%', tickCount: 5 },
  };
  const color = seriesColor(names);
  const layer: SpecPart[] = [
    { mark: { type: 'line', strokeWidth: 2, aria: false }, encoding: { x, y, color } },
    {
      mark: { type: 'circle', size: moments.length > 60 ? 10 : 30, opacity: 0.9 },
      encoding: { x, y, color, description: { field: 'd' } },
    },
  ];
  if (moments.length === 0)
    layer.push({
      data: { values: [{}] },
      mark: { type: 'text', text: 'no cells yet', color: ink.muted, fontSize: 13, aria: false },
      encoding: { x: { value: width / 2 }, y: { value: height / 2 } },
    });
  return chart(
    { width, height, data: { values }, layer },
    { ...options, description: descriptionOf(options, shown) },
  );
}

/** Those that lead at a moment, the last leaders first, then those with most probability at the end. */
function shownRows({ moments }: BestProbabilityOptions): readonly number[] {
  const last = moments.at(-1)?.probability;
  if (!last) return [];
  const leaders = moments.map(({ probability }) =>
    Array.from(probability).reduce((best, p, row) => (p > probability[best]! ? row : best), 0),
  );
  const ranked = Array.from(last, (_, row) => row).sort((a, b) => last[b]! - last[a]! || a - b);
  return [...new Set([ranked[0]!, ...leaders.toReversed(), ...ranked])].slice(0, maxRows);
}

function descriptionOf({ moments, rowNames }: BestProbabilityOptions, [first]: readonly number[]): string {
  const last = moments.at(-1);
  return last && first !== undefined
    ? `after ${last.cells} cells ${rowNames[first]} is the best with a probability of ${percent(last.probability[first]!)}`
    : 'no cells are known';
}

function percent(share: number): string {
  return `${Math.round(100 * share)} %`;
}
