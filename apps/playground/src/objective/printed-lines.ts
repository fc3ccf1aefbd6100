/** Characters of a printed line that are kept. */
const longestLine = 1000;
/** Milliseconds between two sendings: a program that prints without end must not drown the page. */
const sendEvery = 100;
/** Lines that a trial keeps, the last ones, as `foothold tune` does. */
export const keptLines = 200;

/** Characters of a trial's lines that are kept, as `foothold tune` does. */
const keptCharacters = 16_384;

/** The last lines that are kept of a trial. */
export function lastKept(lines: readonly string[]): readonly string[] {
  let [from, characters] = [lines.length, 0];
  while (from > Math.max(0, lines.length - keptLines)) {
    characters += lines[from - 1]!.length;
    if (characters > keptCharacters) break;
    from--;
  }
  return lines.slice(from);
}

type Write = (...values: readonly unknown[]) => void;

export interface PrintedLines {
  /** Methods that write, by their names. */
  readonly methods: Readonly<Record<'log' | 'info' | 'debug' | 'warn' | 'error', Write>>;
  /** Sends what was not sent yet. */
  flush(): void;
}

/** A console whose lines go to `send`, the last ones of each piece. `now`: milliseconds. */
export function printedLines(send: (lines: readonly string[]) => void, now: () => number): PrintedLines {
  let waiting: string[] = [];
  let sentAt = -Infinity;
  const flush = () => {
    if (waiting.length === 0) return;
    send(waiting);
    waiting = [];
    sentAt = now();
  };
  const write: Write = (...values) => {
    waiting.push(...values.map(textOf).join(' ').split('\n').map(clipped));
    if (waiting.length > 2 * keptLines) waiting = waiting.slice(-keptLines);
    if (now() - sentAt >= sendEvery) flush();
  };
  return { methods: { log: write, info: write, debug: write, warn: write, error: write }, flush };
}

function clipped(line: string): string {
  return line.length > longestLine ? `${line.slice(0, longestLine)} …` : line;
}

function textOf(value: unknown): string {
  if (typeof value === 'string') return value;
  if (value instanceof Error) return `${value.name}: ${value.message}`;
  if (typeof value === 'object' && value !== null) {
    try {
      return JSON.stringify(value) ?? String(value);
    } catch {
      return Object.prototype.toString.call(value);
    }
  }
  return String(value);
}
