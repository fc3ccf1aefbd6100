/**
 * A text from outside as it may be shown on one line: without control characters, starts of escape sequences, marks that turn the direction
 * of writing or are not seen, and halves of characters; blanks are one blank; shortened to `limit` characters.
 */
export function shownText(text: string, limit = 200): string {
  const isLong = text.length > limit;
  const line = (isLong ? text.slice(0, limit) : text)
    .replace(/[\p{Cf}\p{Cs}\p{Co}\p{Cn}]/gu, '')
    .replace(/[\s\p{Cc}]+/gu, ' ')
    .trim();
  return isLong ? `${line}…` : line;
}
