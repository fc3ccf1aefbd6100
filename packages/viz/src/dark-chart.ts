import type { ChartSpec } from './chart-spec.ts';
import { ink, seriesColors } from './theme.ts';

/** Counterparts of the charts' colours on a dark page, by their exact text. */
export const darkColors: Readonly<Record<string, string>> = {
  [ink.background]: '#161b22',
  [ink.text]: '#e6edf3',
  [ink.muted]: '#9aa7b4',
  [ink.grid]: '#2b333c',
  [ink.axis]: '#66717d',
  [ink.empty]: '#262d36',
  [ink.failed]: '#ff8a7a',
  [seriesColors[0]]: '#58a9e0',
  [seriesColors[1]]: '#ff8a4c',
  [seriesColors[2]]: '#34d399',
  [seriesColors[3]]: '#e09ac4',
  [seriesColors[4]]: '#f0d03c',
  [seriesColors[5]]: '#b9dbf9',
  [seriesColors[6]]: '#8e50e1',
  [seriesColors[7]]: '#6b7480',
};

/** Members that hold data and texts, never colours. */
const notColors = new Set(['values', 'domain', 'text', 'title', 'subtitle', 'description', 'labelExpr']);

/** The chart for a dark page: the same specification with each colour of ours replaced. Data and texts stay as they are. */
export function darkChart(spec: ChartSpec): ChartSpec {
  return darkened(spec) as ChartSpec;
}

function darkened(part: unknown): unknown {
  if (typeof part === 'string') return darkColors[part] ?? part;
  if (Array.isArray(part)) return part.map(darkened);
  if (typeof part !== 'object' || part === null) return part;
  return Object.fromEntries(
    Object.entries(part).map(([key, value]) => [
      key,
      notColors.has(key) && !isPart(value) ? value : darkened(value),
    ]),
  );
}

/** A title or text with its own properties, such as `{ text, color }`. */
function isPart(value: unknown): boolean {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
