/** A figure as it was written: a number (NaN and the infinities included), or a text that is none. */
export type Written = { readonly number: number } | { readonly unreadable: string };

export interface WrittenAt {
  readonly written: Written;
  /** Index after the last character of the token. */
  readonly end: number;
}

const longest = 60;

/** True where a number may begin: a digit, a sign or a point before one. */
export function startsNumber(text: string, i: number): boolean {
  const at = '+-'.includes(text[i] ?? ' ') ? i + 1 : i;
  return isDigit(text, at) || (text[at] === '.' && isDigit(text, at + 1));
}

/**
 * The number that begins at `i`, read as a whole token or not at all.
 *
 * A plain number is `[+-] digits [. digits] [e [+-] digits]`, with digits on at least one side of the point. What touches it must
 * be a blank, a closing bracket or quote, or punctuation at the end of a word. Anything else makes the whole token unreadable:
 * `1,234.5`, `0x1F`, `1.2.3`, `12:30`, `93%`, `3ms`, `1_000`. In a list (`inList`) a comma is a separator.
 */
export function numberAt(text: string, i: number, inList = false): WrittenAt {
  const end = plainEnd(text, i);
  if (end > i && endsToken(text, end, inList) && !isGroup(text, i, end))
    return { written: { number: Number(text.slice(i, end)) }, end };
  const tokenEnd = tokenEndFrom(text, i, inList);
  const percent = text[tokenEnd] === ' ' && text[tokenEnd + 1] === '%';
  const group = end === tokenEnd && isGroup(text, i, end);
  const shownEnd = percent ? tokenEnd + 2 : group ? tokenEnd + 4 : tokenEnd;
  const shown = text.slice(i, Math.min(shownEnd, i + longest));
  return { written: { unreadable: shownEnd > i + longest ? `${shown}…` : shown }, end: shownEnd };
}

/** The number that a whole text is, as in `"0.25"`; undefined where it is anything else. */
export function wholeNumber(text: string): number | undefined {
  const bare = text.trim();
  return bare !== '' && plainEnd(bare, 0) === bare.length ? Number(bare) : undefined;
}

/** NaN or an infinity by its name in JavaScript, Python and C; undefined for other words. */
export function nonFiniteWord(word: string): number | undefined {
  if (word.length > 10) return undefined;
  const match = /^([+-]?)(nan|inf|infinity)$/i.exec(word);
  if (!match) return undefined;
  if (match[2]!.toLowerCase() === 'nan') return Number.NaN;
  return match[1] === '-' ? -Infinity : Infinity;
}

export function isDigit(text: string, i: number): boolean {
  const code = text.charCodeAt(i);
  return code >= 48 && code <= 57;
}

/** Index after the longest plain number at `i`; `i` where there is none. */
function plainEnd(text: string, i: number): number {
  let k = '+-'.includes(text[i] ?? ' ') ? i + 1 : i;
  const whole = digitsEnd(text, k);
  let digits = whole - k;
  k = whole;
  if (text[k] === '.') {
    const fraction = digitsEnd(text, k + 1);
    digits += fraction - k - 1;
    if (digits > 0) k = fraction;
  }
  if (digits === 0) return i;
  if (text[k] === 'e' || text[k] === 'E') {
    const from = '+-'.includes(text[k + 1] ?? ' ') ? k + 2 : k + 1;
    const exponent = digitsEnd(text, from);
    if (exponent > from) k = exponent;
  }
  return k;
}

function digitsEnd(text: string, i: number): number {
  let k = i;
  while (isDigit(text, k)) k++;
  return k;
}

/** Whether a number may end here, by what follows. */
function endsToken(text: string, end: number, inList: boolean): boolean {
  const next = text[end];
  if (next === undefined) return true;
  if (isBlank(next)) {
    const after = text[end + 1];
    // A thin or non-breaking space between digits groups them; `93 %` is a percentage.
    return !(after === '%' || (next.charCodeAt(0) > 0x7f && isDigit(text, end + 1)));
  }
  if (';|│┃║)]}'.includes(next)) return true;
  if (next === ',') return inList || !startsNumber(text, end + 1);
  if (next === '*' || next === '`') {
    let k = end;
    while (text[k] === '*' || text[k] === '`') k++;
    return !isWordAt(text, k) && !startsNumber(text, k);
  }
  if ('"\'>'.includes(next)) return !isWordAt(text, end + 1);
  if ('.:!?'.includes(next)) {
    const after = text[end + 1];
    return after === undefined || isBlank(after) || ')]}"\'|`*'.includes(after);
  }
  return false;
}

/** `12 345`: at most three digits, a space and exactly three more, which would be read as 12. */
function isGroup(text: string, i: number, end: number): boolean {
  if (text[end] !== ' ') return false;
  const first = '+-'.includes(text[i]!) ? i + 1 : i;
  if (end - first > 3 || digitsEnd(text, first) !== end) return false;
  return digitsEnd(text, end + 1) === end + 4 && !isWordAt(text, end + 4);
}

/** Index after the token at `i` that is no plain number: what is glued to a number is part of it. */
export function tokenEndFrom(text: string, i: number, inList = false): number {
  let letters = false;
  let k = i;
  for (; k < text.length; k++) {
    const c = text[k]!;
    if (isBlank(c) ? c.charCodeAt(0) <= 0x7f || !isDigit(text, k + 1) : ';|│┃║)]}"='.includes(c)) break;
    if (c === ',' && (inList || !startsNumber(text, k + 1))) break;
    if (c === ':' && (letters || !startsNumber(text, k + 1))) break;
    if (c === "'" && !startsNumber(text, k + 1)) break;
    letters ||= isLetter(c);
  }
  return Math.max(k, i + 1);
}

export function isBlank(c: string): boolean {
  const code = c.charCodeAt(0);
  return (
    code <= 0x20 || code === 0xa0 || code === 0x3000 || (code >= 0x2000 && code <= 0x200a) || code === 0x202f
  );
}

export function isLetter(c: string): boolean {
  const code = c.charCodeAt(0);
  if (code < 0x80) return (code >= 65 && code <= 90) || (code >= 97 && code <= 122);
  return /[\p{L}\p{M}\p{N}]/u.test(c);
}

function isWordAt(text: string, i: number): boolean {
  const c = text[i];
  return c !== undefined && (isLetter(c) || isDigit(text, i) || c === '_');
}
