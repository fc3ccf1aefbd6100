import { isLive, sizeOf, type Terminal, type TerminalSize } from './terminal.ts';

/** The last rows of a terminal, drawn again in place; elsewhere only the lines that stay. */
export interface LiveRegion {
  /** Draws the rows, and again each second from now on. */
  show(): void;
  /** A line that stays, above the rows. */
  note(text: string): void;
  /** Leaves one row in place of the others and stops drawing. */
  end(): void;
}

export interface LiveRegionOptions {
  /** The rows now, each narrower than the terminal, and fewer than it has. */
  readonly rows: (size: TerminalSize) => readonly string[];
  /** The row that stays in the end. */
  readonly last: (size: TerminalSize) => string;
}

/** Control Sequence Introducer (ECMA-48). */
const csi = '\u001b[';
/** A terminal that knows synchronized output shows what is between them at once. */
const [beginUpdate, endUpdate] = [`${csi}?2026h`, `${csi}?2026l`];
const [hideCursor, showCursor] = [`${csi}?25l`, `${csi}?25h`];
/** Around the rows: the terminal may have become narrower since its size was read. */
const [noWrap, wrap] = [`${csi}?7l`, `${csi}?7h`];
const eraseBelow = `${csi}J`;
const eraseScreen = `${csi}H${eraseBelow}`;
const eraseRest = `${csi}K`;

/** Milliseconds between two frames: 20 a second is more than anybody reads, and costs a fast run little. */
const frameInterval = 50;
/** Notes that are written again on a screen that was erased: more than a screen has rows. */
const keptNotes = 200;

/** What is on the screen. */
interface Frame {
  readonly rows: readonly string[];
  readonly size: TerminalSize;
  /** True where the terminal may have moved rows of a frame to what it scrolls back to: they come back when it grows. */
  readonly isCut: boolean;
}

/**
 * Between frames the cursor stands at the end of the last row: terminals that wrap longer rows at a new width keep the lower end
 * of the screen in its place. How many rows are above it then is not known, so that the whole screen is drawn again.
 */
export function liveRegion(terminal: Terminal, { rows, last }: LiveRegionOptions): LiveRegion {
  if (!isLive(terminal)) return plainLines(terminal);
  let frame: Frame | undefined;
  let waiting: NodeJS.Timeout | undefined;
  let ticking: NodeJS.Timeout | undefined;
  let notes: readonly string[] = [];

  const draw = (note?: string): void => {
    clearTimeout(waiting);
    waiting = undefined;
    const size = sizeOf(terminal);
    const next = rows(size);
    const isKnown = frame === undefined || keepsItsRows(frame, size);
    const top = isKnown
      ? `${toTop(frame)}${note === undefined ? '' : `${eraseBelow}${note}\r\n`}`
      : `${eraseScreen}${lastLines(notes, size.rows - next.length)}`;
    terminal.write(`${beginUpdate}${hideCursor}${top}${noWrap}${drawn(next)}${wrap}${endUpdate}`);
    const isCut = frame !== undefined && (!isKnown || frame.isCut || frame.rows.length > size.rows);
    frame = { rows: next, size, isCut };
  };
  const tick = () => draw();
  const end = () => {
    if (!ticking) return;
    clearInterval(ticking);
    clearTimeout(waiting);
    [ticking, waiting] = [undefined, undefined];
    terminal.off?.('resize', tick);
    process.off('exit', end);
    const size = sizeOf(terminal);
    const top =
      frame && !keepsItsRows(frame, size) ? `${eraseScreen}${lastLines(notes, size.rows - 1)}` : toTop(frame);
    terminal.write(`${beginUpdate}${top}${eraseBelow}${last(size)}\r\n${showCursor}${endUpdate}`);
    frame = undefined;
  };
  return {
    show: () => {
      if (ticking) {
        waiting ??= setTimeout(tick, frameInterval).unref();
        return;
      }
      ticking = setInterval(tick, 1000).unref();
      terminal.on?.('resize', tick);
      process.on('exit', end);
      draw();
    },
    note: (line) => {
      notes = [...notes, line].slice(-keptNotes);
      if (ticking) draw(line);
      else terminal.write(`${line}\n`);
    },
    end,
  };
}

function plainLines(terminal: Terminal): LiveRegion {
  return {
    show: () => undefined,
    note: (line) => void terminal.write(`${line}\n`),
    end: () => undefined,
  };
}

/** False where the terminal, at its new size, may show more rows of the frame than it has, or rows of an earlier one. */
function keepsItsRows({ size: before, isCut }: Frame, now: TerminalSize): boolean {
  return now.columns >= before.columns && !(isCut && now.rows > before.rows);
}

/** To the first cell of the frame, from its last row. */
function toTop(frame: Frame | undefined): string {
  const above = (frame?.rows.length ?? 0) - 1;
  return `\r${above > 0 ? `${csi}${above}A` : ''}`;
}

/** The rows over those that are there, from the first on, and nothing below. */
function drawn(rows: readonly string[]): string {
  return `${rows.map((row) => `${row}${eraseRest}`).join('\r\n')}${eraseBelow}`;
}

/** The last lines, at most so many. */
function lastLines(lines: readonly string[], count: number): string {
  return lines
    .slice(Math.max(0, lines.length - count))
    .map((line) => `${line}\r\n`)
    .join('');
}
