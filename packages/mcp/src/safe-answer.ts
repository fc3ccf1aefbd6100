/** What an agent gets of a study: data that cannot pass for something else, and not more than it can read. */
import type { Answer } from '@foothold/protocol';

/** Characters of one text. */
const longestText = 2000;
/** Characters of an answer as JSON, about; a list of 200 trials with ten parameters each has some 60,000. */
const longestAnswer = 100_000;

/**
 * The answer with every control character and every mark that changes the direction of text written as `\u{…}`, and long texts cut.
 *
 * Where the whole gets too long, its lists lose their last entries, each of them whole, and `cut` says how many in all; the first entry
 * of a list stays, with its own lists cut. No object loses a member. With `isWhole` no list is cut: for an answer of which the agent
 * has to know everything.
 */
export function safeAnswer(answer: Answer, { isWhole = false } = {}): Answer {
  const left: Left = { characters: isWhole ? Infinity : longestAnswer, entries: 0 };
  const safe = safeValue(answer, left) as Answer;
  return left.entries > 0 ? { ...safe, cut: left.entries } : safe;
}

interface Left {
  /** Characters that the answer may still get; below 0 where it is too long. */
  characters: number;
  /** Entries that were left out. */
  entries: number;
}

function safeValue(value: unknown, left: Left): unknown {
  if (typeof value === 'string') {
    const text = safeText(value);
    left.characters -= text.length + 3;
    return text;
  }
  if (typeof value !== 'object' || value === null) {
    // JSON has no infinities.
    const safe = typeof value === 'number' && !Number.isFinite(value) ? String(value) : value;
    left.characters -= String(safe).length + 1;
    return safe;
  }
  left.characters -= 3;
  return isList(value) ? safeList(Array.from(value), left) : safeObject(value, left);
}

/** What is no list comes first: the lists get what is left. The order of the members stays. */
function safeObject(value: object, left: Left): Answer {
  const members = Object.entries(value).filter(([, member]) => member !== undefined);
  const safe = new Map<unknown, unknown>();
  const inTurn = [...members.filter(([, of]) => !isList(of)), ...members.filter(([, of]) => isList(of))];
  const names = new Map(members.map(([name]) => [name, safeValue(name, left) as string]));
  for (const [name, member] of inTurn) safe.set(name, safeValue(member, left));
  return Object.fromEntries(members.map(([name]) => [names.get(name)!, safe.get(name)]));
}

function safeList(entries: readonly unknown[], left: Left): unknown[] {
  const kept: unknown[] = [];
  for (const entry of entries) {
    const before = { ...left };
    const safe = safeValue(entry, left);
    const fits = left.characters >= 0 && left.entries === before.entries;
    if (kept.length > 0 && !fits) {
      // With those after it: the next page begins with it.
      left.characters = before.characters;
      left.entries = before.entries + entries.length - kept.length;
      break;
    }
    kept.push(safe);
  }
  return kept;
}

function isList(value: unknown): value is readonly unknown[] {
  return Array.isArray(value) || ArrayBuffer.isView(value);
}

/** A text of a study as an agent may show it: no longer than some 2000 characters, all of them visible but for line ends and tabs. */
function safeText(text: string): string {
  const isLong = text.length > longestText;
  const safe = (isLong ? text.slice(0, longestText) : text).replaceAll(
    /(?![\n\t])[\p{Cc}\p{Cf}\p{Cs}\p{Co}\p{Cn}\u2028\u2029]/gu,
    (character) => `\\u{${character.codePointAt(0)!.toString(16)}}`,
  );
  return isLong ? `${safe}…` : safe;
}
