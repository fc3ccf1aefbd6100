/** What an agent gets of a study: data that cannot pass for something else, and not more than it can read. */
import type { Answer } from '@foothold/protocol';

/** Characters of one text. */
const longestText = 2000;
/** Characters of an answer as JSON, about; a list of 200 trials with ten parameters each has some 60,000. */
const longestAnswer = 100_000;

/**
 * The answer with every control character and every mark that changes the direction of text written as `\u{…}`, long texts cut, and
 * lists cut where the whole gets too long: `cut` then says how many entries are left out.
 */
export function safeAnswer(answer: Answer): Answer {
  const left = { characters: longestAnswer, entries: 0 };
  const safe = safeValue(answer, left) as Answer;
  return left.entries > 0 ? { ...safe, cut: left.entries } : safe;
}

function safeValue(value: unknown, left: { characters: number; entries: number }): unknown {
  if (typeof value === 'string') {
    const text = safeText(value);
    left.characters -= text.length + 2;
    return text;
  }
  if (typeof value !== 'object' || value === null) {
    left.characters -= 8;
    // JSON has no infinities.
    return typeof value === 'number' && !Number.isFinite(value) ? String(value) : value;
  }
  const kept = <T>(entries: readonly T[], of: (entry: T) => unknown) => {
    const result: unknown[] = [];
    for (const entry of entries)
      if (left.characters > 0) result.push(of(entry));
      else left.entries++;
    return result;
  };
  if (Array.isArray(value) || ArrayBuffer.isView(value))
    return kept(Array.from(value as readonly unknown[]), (entry) => safeValue(entry, left));
  const members = Object.entries(value).filter(([, member]) => member !== undefined);
  return Object.fromEntries(
    kept(members, ([name, member]) => [safeValue(name, left), safeValue(member, left)]) as [
      string,
      unknown,
    ][],
  );
}

/** A text of a study as an agent, a terminal or a page may show it. */
export function safeText(text: string): string {
  const isLong = text.length > longestText;
  const safe = (isLong ? text.slice(0, longestText) : text).replaceAll(
    /(?![\n\t])[\p{Cc}\p{Cf}\p{Cs}\p{Co}\p{Cn}\u2028\u2029]/gu,
    (character) => `\\u{${character.codePointAt(0)!.toString(16)}}`,
  );
  return isLong ? `${safe}…` : safe;
}
