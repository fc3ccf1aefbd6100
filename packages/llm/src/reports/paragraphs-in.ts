import { shownText } from '../replies/shown-text.ts';
import { spokenPart } from '../replies/spoken-part.ts';

/**
 * The answer in a reply as several lines that a terminal or a page may show: each line as `shownText` has it, no two empty ones in a
 * row, cut at a blank to `limit` characters. Empty where there are thoughts and no answer.
 */
export function paragraphsIn(reply: string, limit: number): string {
  const spoken = spokenPart(reply);
  const lines = spoken
    .slice(0, 4 * limit)
    .split(/\r\n|[\n\r\u2028\u2029]/)
    .map((line) => shownText(line, limit));
  const text = lines
    .join('\n')
    .replaceAll(/\n{3,}/g, '\n\n')
    .trim();
  if (text.length <= limit) return text;
  const cut = text.slice(0, limit);
  const blank = cut.search(/\s\S*$/);
  return `${(blank > 0 ? cut.slice(0, blank) : '').trimEnd()}…`;
}
