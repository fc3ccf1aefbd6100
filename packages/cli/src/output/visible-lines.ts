const ESC = 0x1b;
const BELL = 0x07;

/**
 * The lines that a terminal would show for one line of output: colours, links and other escape sequences are removed, and a
 * sequence that moves the cursor or erases the line, or a backspace, begins a new line. Other control characters become spaces.
 */
export function visibleLines(line: string): readonly string[] {
  if (!hasControls(line)) return [line];
  const lines: string[] = [];
  let pieces: string[] = [];
  let from = 0;
  let i = 0;
  const cut = (end: number, next: number, write: string | undefined) => {
    pieces.push(line.slice(from, end));
    if (write === '\n') {
      lines.push(pieces.join(''));
      pieces = [];
    } else if (write) pieces.push(write);
    from = next;
    i = next;
  };
  while (i < line.length) {
    const code = line.charCodeAt(i);
    if (code === ESC || code === 0x9b) {
      const { end, write } = escapeAt(line, i);
      cut(i, end, write);
    } else if (code === 0x08) cut(i, i + 1, '\n');
    else if (code === 0x200b || code === 0xfeff) cut(i, i + 1, undefined);
    else if ((code < 0x20 && code !== 0x09) || (code >= 0x7f && code <= 0x9f)) cut(i, i + 1, ' ');
    else i++;
  }
  cut(line.length, line.length, '\n');
  return lines;
}

/** A control character but a tab, or a character without width. */
function hasControls(line: string): boolean {
  for (let i = 0; i < line.length; i++) {
    const code = line.charCodeAt(i);
    if ((code < 0x20 && code !== 9) || (code >= 0x7f && code <= 0x9f) || code === 0x200b || code === 0xfeff)
      return true;
  }
  return false;
}

/** Where the escape sequence at `start` ends, and what replaces it. */
function escapeAt(line: string, start: number): { readonly end: number; readonly write?: string } {
  const single = line.charCodeAt(start) === 0x9b;
  const kind = single ? '[' : line[start + 1];
  let i = start + (single ? 1 : 2);
  if (kind === '[') {
    while (i < line.length && line.charCodeAt(i) >= 0x20 && line.charCodeAt(i) < 0x40) i++;
    const final = line[i] ?? '';
    const erasesLine = final === 'K' && line[i - 1] === '2';
    if (final === 'C') return { end: i + 1, write: ' ' };
    return { end: i + 1, ...(erasesLine || /[ABD-JSTf]/.test(final) ? { write: '\n' } : {}) };
  }
  if (kind === ']' || kind === 'P' || kind === '_' || kind === '^') {
    while (i < line.length && line.charCodeAt(i) !== BELL && line.charCodeAt(i) !== ESC) i++;
    const closed = line.charCodeAt(i) === BELL || line[i + 1] === '\\';
    return { end: line.charCodeAt(i) === BELL ? i + 1 : closed ? i + 2 : i };
  }
  return { end: kind !== undefined && '()*+#%'.includes(kind) ? i + 1 : i };
}
