import type { SpecPart } from './chart-spec.ts';
import { literalText } from './literal-texts.ts';

export interface NameAxisOptions {
  readonly names: readonly string[];
  /** Pixels of the axis. */
  readonly length: number;
  readonly title: string | null;
  readonly vertical: boolean;
  /** Names below the axis on a slant, where they take the room of a line each. Default: where they are too long to stand side by side. */
  readonly slanted?: boolean;
  /** Characters of a name that are drawn at most. Default: 28. */
  readonly maxCharacters?: number;
}

/** Pixels of a character, and those that a line of text takes upright and on a slant. */
const character = 6.2;
const upright = 12;
const slantedLine = 16;

/**
 * A linear axis over cell borders whose ticks sit in the middle of cells and print as many names as fit. A longer name than
 * `maxCharacters` loses its middle.
 */
export function axisOf(options: NameAxisOptions): SpecPart {
  const { names, length, title, vertical, slanted, maxCharacters = 28 } = options;
  const shown = names.map((name) => shortened(name, maxCharacters));
  const widest = shown.reduce((width, name) => Math.max(width, name.length), 1);
  const sideBySide = widest * character + 10;
  // Short names may skip some: a slant would be harder to read than a gap is to bridge.
  const onSlant = !vertical && (slanted ?? (widest > 8 && names.length * sideBySide > length));
  const everyNth = (pixels: number) => Math.max(1, Math.ceil((names.length * pixels) / length));
  const tight = everyNth(vertical ? upright : onSlant ? slantedLine : sideBySide);
  // Where some are left out anyway, the others get air.
  const every = onSlant && tight > 1 ? everyNth(2 * slantedLine) : tight;
  return {
    type: 'quantitative',
    title,
    scale: { domain: [0, Math.max(names.length, 1)], nice: false, zero: false, reverse: vertical },
    // The names are an array literal of JSON strings: data to Vega's expression language, whatever they contain.
    axis: {
      values: names.flatMap((_, i) => (i % every === 0 ? [i + 0.5] : [])),
      labelExpr: `${JSON.stringify(shown.map(literalText))}[floor(datum.value)]`,
      grid: false,
      ticks: false,
      domain: false,
      // Vega without a canvas takes texts for wider than they are, and would cut them.
      labelLimit: 0,
      labelOverlap: false,
      ...(onSlant ? { labelAngle: -40 } : {}),
    },
  };
}

/**
 * The expression of what stands for each of these names. Array literals of JSON strings are data to Vega's expression language, whatever they
 * contain; an object's members could not be named as JavaScript's own are (`toString`).
 */
export function labelsOf(names: readonly string[], labelOf: (name: string) => string): string {
  return `${JSON.stringify(names.map((name) => literalText(labelOf(name))))}[indexof(${JSON.stringify(names.map(literalText))}, datum.value)]`;
}

/** The name without its middle where it is longer: names of one kind differ at their ends. */
export function shortened(name: string, maxCharacters: number): string {
  if (name.length <= maxCharacters) return name;
  const start = Math.floor((maxCharacters - 1) / 3);
  return `${name.slice(0, start)}…${name.slice(name.length - (maxCharacters - 1 - start))}`;
}
