import { largestOf } from '@foothold/core';
import { isDrawable, numberScale, shortNumber } from './number-scale.ts';

export interface TerminalChartOptions {
  /** Numbers to draw against their position, such as `bestSoFar`; gaps where they are not finite. */
  readonly series: readonly { readonly name: string; readonly values: ArrayLike<number> }[];
  /** Characters in all, at least 20. Default: 60. */
  readonly width?: number;
  /** Lines of the plot; the axis and the names come below. Default: 10. */
  readonly height?: number;
  /** ANSI colours. Without them the text has no escape codes at all, and later series are dotted. */
  readonly color?: boolean;
  readonly log?: boolean;
  /** Longest position of the axis, for a chart that grows: the number of planned trials. */
  readonly positions?: number;
}

/** Bits of the eight dots of a braille character, by column and row from the top (Unicode block 2800). */
const dots = [
  [0x01, 0x02, 0x04, 0x40],
  [0x08, 0x10, 0x20, 0x80],
] as const;
const ansi = [34, 33, 32, 35, 36, 31] as const;

/** Step lines in braille dots with the range of values at the left, the positions and the names below. No line is wider than `width`; control characters in names are left out. */
export function terminalChart(options: TerminalChartOptions): string {
  const width = Math.max(20, Math.floor(options.width ?? 60));
  const height = Math.max(2, Math.floor(options.height ?? 10));
  const { series } = options;
  const values = series.flatMap((s) => Array.from(s.values).filter(isDrawable));
  const { scale, log } = numberScale(values, { log: options.log });
  const [low, high] = scale.domain as [number, number];
  const labels = [shortNumber(high), shortNumber(low)];
  const margin = largestOf(labels.map((l) => l.length)) + 2;
  const columns = Math.max(width - margin, 4);
  const longest = series.reduce(
    (end, { values: own }) => Math.max(end, own.length),
    Math.max(options.positions ?? 1, 1),
  );
  const forth = log ? Math.log : (v: number) => v / 2;
  const rowOf = (v: number) => {
    const fraction = (forth(v) - forth(low)) / (forth(high) - forth(low));
    return Math.round((1 - fraction) * (height * 4 - 1));
  };
  const { cells, owner } = dotsOf(options, { columns, height, longest, rowOf });
  const paint = (text: string, s: number) =>
    options.color === true && s >= 0 ? `\u001b[${ansi[s % ansi.length]}m${text}\u001b[0m` : text;
  const lines: string[] = [];
  for (let r = 0; r < height; r++) {
    const label = values.length === 0 ? '' : r === 0 ? labels[0]! : r === height - 1 ? labels[1]! : '';
    const row = Array.from({ length: columns }, (_, c) => {
      const cell = r * columns + c;
      return cells[cell] === 0 ? ' ' : paint(String.fromCodePoint(0x2800 + cells[cell]!), owner[cell]!);
    });
    lines.push(`${label.padStart(margin - 2)} ${label === '' ? '│' : '┤'}${row.join('').trimEnd()}`);
  }
  lines.push(`${' '.repeat(margin - 1)}└${'─'.repeat(columns)}`);
  lines.push(`${' '.repeat(margin)}1${String(longest).padStart(columns - 1)}`);
  series.forEach(({ name }, s) => {
    const sign = paint(options.color === true || s === 0 ? '━' : '┅', s);
    const text = plainText(name);
    if (text !== '')
      lines.push(`${' '.repeat(margin)}${sign} ${text.slice(0, Math.max(width - margin - 2, 1))}`);
  });
  return lines.join('\n');
}

/** The braille dots of each character, and the series that each character belongs to, −1 for none; columns × height each. */
function dotsOf(
  { series, color }: TerminalChartOptions,
  {
    columns,
    height,
    longest,
    rowOf,
  }: {
    readonly columns: number;
    readonly height: number;
    readonly longest: number;
    readonly rowOf: (v: number) => number;
  },
) {
  const cells = new Uint8Array(columns * height);
  const owner = new Int8Array(columns * height).fill(-1);
  series.forEach(({ values }, s) => {
    let before: number | undefined;
    for (let column = 0; column < columns * 2; column++) {
      const at = Math.floor((column * longest) / (columns * 2));
      const v = at < values.length ? values[at]! : Number.NaN;
      if (!isDrawable(v)) {
        before = undefined;
        continue;
      }
      const row = rowOf(v);
      const [from, to] =
        before === undefined || before === row
          ? [row, row]
          : before < row
            ? [before + 1, row]
            : [row, before - 1];
      before = row;
      for (let r = from; r <= to; r++) {
        // Without colours a dotted line distinguishes the later series.
        if (s > 0 && color !== true && (from === to ? column : r) % (s + 2) !== 0) continue;
        const cell = Math.floor(r / 4) * columns + (column >> 1);
        cells[cell] = cells[cell]! | dots[(column & 1) as 0 | 1][(r % 4) as 0 | 1 | 2 | 3];
        if (owner[cell] === -1) owner[cell] = s;
      }
    }
  });
  return { cells, owner };
}

/** Without control characters, so that a name cannot move the cursor or change colours. */
function plainText(text: string): string {
  return text.replaceAll(/\p{Cc}/gu, '');
}
