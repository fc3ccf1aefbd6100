import stringWidth from 'string-width';
import { printable } from './safe-text.ts';

/** Where progress goes: standard error, so that standard output holds results only. */
export interface Terminal {
  readonly isTTY?: boolean | undefined;
  /** Width in character cells; 80 where it is not known. */
  readonly columns?: number | undefined;
  write(text: string): unknown;
}

/** One row of a terminal that is written again each second; elsewhere only the lines that stay. */
export interface LiveRow {
  /** Writes the row now, and each second from now on. */
  show(): void;
  /** A line that stays, above the row. */
  note(text: string): void;
  /** Leaves the row as it is and stops writing it. */
  end(): void;
}

const clear = '\r\u001b[2K';

/**
 * @param text what the row says now; it is cut to the width of the terminal
 * @param color what to do with the row once it is cut
 */
export function liveRow(
  terminal: Terminal,
  { text, color = (row) => row }: { readonly text: () => string; readonly color?: (row: string) => string },
): LiveRow {
  let timer: NodeJS.Timeout | undefined;
  const write = () => {
    // A row as wide as the terminal would wrap on some.
    terminal.write(`${clear}${color(cutTo(printable(text()), (terminal.columns || 80) - 1))}`);
  };
  return {
    show: () => {
      if (!terminal.isTTY) return;
      write();
      timer ??= setInterval(write, 1000);
      timer.unref();
    },
    note: (line) => {
      terminal.write(terminal.isTTY ? `${clear}${line}\n` : `${line}\n`);
      if (timer) write();
    },
    end: () => {
      if (!timer) return;
      clearInterval(timer);
      timer = undefined;
      write();
      terminal.write('\n');
    },
  };
}

/** The text cut to so many character cells of a terminal, the last of them then an ellipsis. */
export function cutTo(text: string, cells: number): string {
  if (stringWidth(text) <= cells) return text;
  let result = '';
  let width = 0;
  for (const { segment } of new Intl.Segmenter().segment(text)) {
    width += stringWidth(segment);
    if (width > cells - 1) break;
    result += segment;
  }
  return cells > 0 ? `${result}…` : '';
}
