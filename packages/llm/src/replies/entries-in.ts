import { type Pair, pairsIn } from './pairs-in.ts';
import { spokenPart } from './spoken-part.ts';

/** Values by name, as they stand in a reply. */
export type Entry = ReadonlyMap<string, string>;

/**
 * What looks like a configuration in a reply: JSON objects, else what stands between `##` marks, else lines. A part that names no known
 * parameter is prose, except for an object. Where a name comes again, the next configuration begins. Takes time in proportion to the
 * length, of which `maxCharacters` are read.
 */
export function entriesIn(reply: string, names: readonly string[]): readonly Entry[] {
  const known = nameIndex(names);
  const text = spokenPart(reply);
  // Innermost braces: a configuration has no objects in it. The class stops at the next brace, so that nothing is read twice.
  const objects = text.match(/\{[^{}]*\}/g) ?? [];
  const inObjects = objects.flatMap((object) => {
    const entries = entriesOf(pairsIn(object.slice(1, -1)), known);
    return entries.length > 0 ? entries : [new Map<string, string>()];
  });
  if (inObjects.some(({ size }) => size > 0)) return inObjects;
  if (/##/.test(text)) {
    const inMarks = text.split(/#{2,}/).flatMap((part) => entriesOf(pairsIn(part), known));
    if (inMarks.length > 0) return inMarks;
  }
  return entriesOf(pairsIn(text), known);
}

/** The parameter that a name in a reply means: the same name, else the only one that differs in case alone. */
function nameIndex(names: readonly string[]): ReadonlyMap<string, string> {
  const index = new Map<string, string>();
  const folded = new Map<string, string[]>();
  for (const name of names) folded.set(name.toLowerCase(), [...(folded.get(name.toLowerCase()) ?? []), name]);
  for (const [lower, same] of folded) if (same.length === 1) index.set(lower, same[0]!);
  for (const name of names) index.set(name, name);
  return index;
}

function entriesOf(pairs: readonly Pair[], known: ReadonlyMap<string, string>): readonly Entry[] {
  const entries: Map<string, string>[] = [];
  for (const { name, value } of pairs) {
    const parameter = known.get(name) ?? known.get(name.toLowerCase());
    if (parameter === undefined) continue;
    const last = entries.at(-1);
    if (!last || last.has(parameter)) entries.push(new Map([[parameter, value]]));
    else last.set(parameter, value);
  }
  return entries;
}
