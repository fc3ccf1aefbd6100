/**
 * The text in lines of at most `limit` characters. Lines break at spaces, and inside a long word after `_`, `-`, `/`,
 * `.` or before a capital letter; a part that is still too long is cut at the limit. No character but a space at a
 * break is lost, so that two texts never become one.
 *
 * @param limit characters of a line, at least 1
 */
export function textLines(text: string, limit: number): readonly string[] {
  const lines: string[] = [];
  let line = '';
  for (const part of partsOf(text, limit)) {
    if (line !== '' && line.length + part.trimEnd().length > limit) {
      lines.push(line.trimEnd());
      line = '';
    }
    line += part;
  }
  if (line.trimEnd() !== '') lines.push(line.trimEnd());
  return lines;
}

/** Pieces between which a line may end, none longer than the limit. */
function partsOf(text: string, limit: number): readonly string[] {
  return text.split(/(?<=[\s_\-/.])|(?<=[a-z0-9])(?=[A-Z])/).flatMap((part) => {
    const characters = [...part];
    const pieces: string[] = [];
    for (let from = 0; from < characters.length; from += limit)
      pieces.push(characters.slice(from, from + limit).join(''));
    return pieces;
  });
}

/** Pixels of a character of a text of this font size, on average. */
export function characterWidth(fontSize: number): number {
  return 0.56 * fontSize;
}
