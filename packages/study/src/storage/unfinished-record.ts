const [quote, backslash, comma, colon] = [0x22, 0x5c, 0x2c, 0x3a];
const [openBrace, closeBrace, openBracket, closeBracket] = [0x7b, 0x7d, 0x5b, 0x5d];
const words = ['true', 'false', 'null'];
const maxLevels = 1000;

/**
 * True for bytes that begin a record and do not end it: what a write leaves that was stopped in the middle. Blocks that
 * never reached the disk (NUL bytes) may follow. `position` is the largest position that such a record may name.
 */
export function isUnfinishedRecord(bytes: Buffer, position: number): boolean {
  let end = bytes.length;
  while (end > 0 && bytes[end - 1] === 0) end--;
  const written = bytes.subarray(0, end);
  return beginsRecord(written.toString('latin1', 0, 64), position) && isUnfinishedJson(written);
}

function beginsRecord(head: string, position: number): boolean {
  const [, at, rest] = /^\{"at":(\d+)(.*)$/s.exec(head) ?? [];
  if (at === undefined) return '{"at":'.startsWith(head);
  if (rest === '') return true; // further digits may be missing
  return Number(at) <= position && (rest!.startsWith(',"by":"') || ',"by":"'.startsWith(rest!));
}

type Expected = 'value' | 'value or end' | 'key' | 'key or end' | 'colon' | 'next';

/** True for a proper beginning of one JSON value that is written without spaces. */
function isUnfinishedJson(bytes: Buffer): boolean {
  const open: number[] = [];
  let expected: Expected = 'value';
  for (let i = 0; i < bytes.length; ) {
    const byte = bytes[i]!;
    const isEnd = byte === closeBrace || byte === closeBracket;
    if (isEnd && (expected === 'next' || expected.endsWith('end'))) {
      if (open.pop() !== (byte === closeBrace ? openBrace : openBracket)) return false;
      expected = 'next';
      i++;
    } else if (expected === 'next' || expected === 'colon') {
      if (byte !== (expected === 'colon' ? colon : comma) || open.length === 0) return false;
      expected = expected === 'next' && open.at(-1) === openBrace ? 'key' : 'value';
      i++;
    } else if (expected.startsWith('key')) {
      if (byte !== quote) return false;
      i = endOfString(bytes, i);
      expected = 'colon';
    } else if (byte === openBrace || byte === openBracket) {
      if (open.push(byte) > maxLevels) return false;
      expected = byte === openBrace ? 'key or end' : 'value or end';
      i++;
    } else {
      i = endOfScalar(bytes, i);
      expected = 'next';
    }
    if (i < 0) return false;
    if (i > bytes.length) return true; // the end is inside a text, a number or a word
  }
  return open.length > 0 || bytes.length === 0;
}

/** The position after a text; beyond the end where it is unfinished; −1 where it holds what no text may. */
function endOfString(bytes: Buffer, start: number): number {
  for (let i = start + 1; i < bytes.length; i++) {
    if (bytes[i] === quote) return i + 1;
    if (bytes[i]! < 0x20) return -1;
    if (bytes[i] === backslash) i++;
  }
  return bytes.length + 1;
}

/** The same for a text, a number, true, false or null. */
function endOfScalar(bytes: Buffer, start: number): number {
  if (bytes[start] === quote) return endOfString(bytes, start);
  for (const word of words)
    if (word.charCodeAt(0) === bytes[start]) {
      const found = bytes.toString('latin1', start, start + word.length);
      if (!word.startsWith(found)) return -1;
      return found.length < word.length ? bytes.length + 1 : start + word.length;
    }
  let end = start;
  while (end < bytes.length && '0123456789+-.eE'.includes(String.fromCharCode(bytes[end]!))) end++;
  return end === start ? -1 : end === bytes.length ? end + 1 : end;
}
