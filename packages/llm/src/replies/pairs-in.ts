import { bare } from './bare.ts';

/** What stands in front of an item of a list. */
const bullet = /^\s*(?:[-*•]|\d+[.)])\s+/;

/** A name and a value as they stand in a text. */
export interface Pair {
  readonly name: string;
  readonly value: string;
}

/**
 * The pairs of a text such as `lr: 0.001, layers: 2`, `"lr": 1e-3; 'layers' = 2` or one pair a line, in one pass. Commas in quotes
 * belong to a value.
 */
export function pairsIn(text: string): readonly Pair[] {
  return piecesOf(text).flatMap((piece) => {
    const body = piece.replace(bullet, '');
    const quoted = /^\s*"((?:[^"\\]|\\.)*)"\s*[:=]/.exec(body);
    const at = quoted ? quoted[0].length - 1 : separatorIn(body);
    if (at < 0) return [];
    const name = quoted ? unquoted(`"${quoted[1]}"`) : bare(body.slice(0, at));
    const width = body.startsWith(' is ', at) ? 4 : 1;
    const value = body.slice(at + width).trim();
    return [{ name, value: unquoted(value) }];
  });
}

/** A value without its quotes; a text in double quotes as JSON reads it. */
function unquoted(value: string): string {
  if (value.length > 1 && value.startsWith('"') && value.endsWith('"')) {
    try {
      return String(JSON.parse(value));
    } catch {
      // Not JSON: what is between the quotes.
    }
  }
  return bare(value);
}

/** Where the name ends: at the first `:` or `=`, or the word "is"; −1 where none is. */
function separatorIn(piece: string): number {
  const sign = piece.search(/[:=]/);
  return sign >= 0 ? sign : piece.indexOf(' is ');
}

/** Parts between commas, semicolons and line breaks that are not in double quotes; a quote ends at its line. */
function piecesOf(text: string): readonly string[] {
  const pieces: string[] = [];
  let start = 0;
  let isQuoted = false;
  for (let i = 0; i < text.length; i++) {
    const sign = text[i];
    if (sign === '\\' && isQuoted) i++;
    else if (sign === '"') isQuoted = !isQuoted;
    else if (sign === '\n' || (!isQuoted && (sign === ',' || sign === ';'))) {
      pieces.push(text.slice(start, i));
      start = i + 1;
      isQuoted = false;
    }
  }
  pieces.push(text.slice(start));
  return pieces;
}
