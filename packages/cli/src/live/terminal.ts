/** Where progress goes: standard error, so that standard output holds results only. */
export interface Terminal {
  readonly isTTY?: boolean | undefined;
  /** Width in character cells; 80 where it is not known. */
  readonly columns?: number | undefined;
  /** Height in character cells; 24 where it is not known. */
  readonly rows?: number | undefined;
  write(text: string): unknown;
  on?(event: 'resize', changed: () => void): unknown;
  off?(event: 'resize', changed: () => void): unknown;
}

/** Character cells of a terminal. */
export interface TerminalSize {
  readonly columns: number;
  readonly rows: number;
}

/** The size of the terminal now; that of a VT100 where it is not known. */
export function sizeOf({ columns, rows }: Terminal): TerminalSize {
  return { columns: columns || 80, rows: rows || 24 };
}

/** True where rows can be drawn again in place: a terminal that moves its cursor. */
export function isLive(terminal: Terminal): boolean {
  return terminal.isTTY === true && process.env['TERM'] !== 'dumb';
}
