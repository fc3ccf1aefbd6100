/** Where output goes: a terminal's width and colours are used, elsewhere come plain lines. */
export interface Stream {
  readonly isTTY?: boolean | undefined;
  readonly columns?: number | undefined;
  write(text: string): unknown;
}

export type Style = 'bold' | 'dim' | 'green' | 'red' | 'yellow';

export interface Terminal {
  /** A line that stays. */
  line(text?: string): void;
  /** The live last line; nothing where the output is no terminal. */
  status(text: string): void;
  /** Takes the live line away. */
  clear(): void;
  readonly paint: (style: Style, text: string) => string;
}

const codes: Record<Style, [number, number]> = {
  bold: [1, 22],
  dim: [2, 22],
  green: [32, 39],
  red: [31, 39],
  yellow: [33, 39],
};

/** Writes to a stream. Colours only on a terminal, and never with NO_COLOR (any text, no-color.org). */
export function terminal(
  stream: Stream,
  environment: Readonly<Record<string, string | undefined>>,
): Terminal {
  const live = stream.isTTY === true && environment.TERM !== 'dumb';
  const colors = live && !environment.NO_COLOR;
  let shown = '';
  const clear = () => {
    if (shown) stream.write('\r\u001b[2K');
    shown = '';
  };
  return {
    line(text = '') {
      clear();
      stream.write(`${text}\n`);
    },
    status(text) {
      const cut = text.slice(0, Math.max(20, (stream.columns ?? 80) - 1));
      if (!live || cut === shown) return;
      stream.write(`\r\u001b[2K${cut}`);
      shown = cut;
    },
    clear,
    paint(style, text) {
      const [on, off] = codes[style];
      return colors ? `\u001b[${on}m${text}\u001b[${off}m` : text;
    },
  };
}

/** A bar of `width` characters, filled by this share of 0–1. */
export function bar(share: number, width: number): string {
  const filled = Math.round(Math.min(Math.max(share, 0), 1) * width);
  return '█'.repeat(filled) + '░'.repeat(width - filled);
}

/** Rows with columns as wide as their widest cell, two spaces between them; the first row is the head. Numbers to the right. */
export function table(rows: readonly (readonly string[])[]): string[] {
  const widths = rows[0]!.map((_, i) => Math.max(...rows.map((row) => row[i]?.length ?? 0)));
  const numeric = widths.map((_, i) => rows.slice(1).every((row) => /^[\d.,–-]/.test(row[i] ?? '')));
  const text = (row: readonly string[]) =>
    row
      .map((cell, i) => (numeric[i] ? cell.padStart(widths[i]!) : cell.padEnd(widths[i]!)))
      .join('  ')
      .trimEnd();
  return [text(rows[0]!), widths.map((w) => '─'.repeat(w)).join('──'), ...rows.slice(1).map(text)];
}
