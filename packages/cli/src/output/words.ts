import { isBlank, isDigit, isLetter } from './number-at.ts';

/** Letters, digits and what stands between them in names such as `val/loss`, `top-1`, `acc@5`. */
export function isNameCharacter(text: string, i: number): boolean {
  const c = text[i];
  return c !== undefined && (isLetter(c) || isDigit(text, i) || '_-./@#'.includes(c));
}

export function startsWord(text: string, i: number): boolean {
  const c = text[i];
  return c !== undefined && (isLetter(c) || c === '_' || c === '#' || c === '@');
}

/** Index after the name that begins at `i`, and where its last letter, digit, `_` or `#` ends. */
export function wordAt(text: string, i: number): { readonly end: number; readonly trimmed: number } {
  let end = i + 1;
  while (isNameCharacter(text, end)) end++;
  let trimmed = end;
  while (trimmed > i + 1 && '-./@'.includes(text[trimmed - 1]!)) trimmed--;
  return { end, trimmed };
}

/** Index of the first character from `i` on that is no blank; the length where there is none. */
export function nextVisible(text: string, i: number): number {
  let k = i;
  while (k < text.length && isBlank(text[k]!)) k++;
  return k;
}

/** Index of the quote that closes the one at `i`; −1 where there is none. A backslash keeps the next character out of it. */
export function closingQuote(text: string, i: number): number {
  const quote = text[i];
  for (let k = i + 1; k < text.length; k++)
    if (text[k] === '\\') k++;
    else if (text[k] === quote) return k;
  return -1;
}

/** What stands between two quotes, its escapes read as JSON reads them where they are JSON's. */
export function unquoted(text: string, open: number, close: number): string {
  const content = text.slice(open + 1, close);
  if (!content.includes('\\')) return content;
  try {
    return JSON.parse(`"${text[open] === '"' ? content : content.replaceAll("\\'", "'")}"`) as string;
  } catch {
    return content;
  }
}

/** A text for a message: blanks run together, at most `length` characters of it. */
export function clipped(text: string, length = 60): string {
  const short = text.length > 4 * length ? text.slice(0, 4 * length) : text;
  const line = short.trim().replace(/\s+/g, ' ');
  return line.length > length || short !== text ? `${line.slice(0, length)}…` : line;
}
