/** Names that every object of JavaScript has, such as `toString`: Vega takes a text of this name for an operator of its own. */
const members = new Set(Object.getOwnPropertyNames(Object.prototype));
/** Takes no room, and makes a text another one. */
const zeroWidthSpace = '\u200b';

/** The text as it stands in a specification: one that is drawn as it is written. */
export function literalText(text: string): string {
  return members.has(text) ? text + zeroWidthSpace : text;
}

/** The specification, all of whose texts are literal; the same object where they were. */
export function literalTexts<T>(spec: T): T {
  return literal(spec) as T;
}

/** Copies nothing of what stays as it is: charts of long studies have tens of thousands of rows. */
function literal(value: unknown): unknown {
  if (typeof value === 'string') return literalText(value);
  if (typeof value !== 'object' || value === null) return value;
  if (Array.isArray(value)) {
    let copy: unknown[] | undefined;
    for (let i = 0; i < value.length; i++) {
      const own = literal(value[i]);
      if (Object.is(own, value[i])) continue;
      copy ??= [...value];
      copy[i] = own;
    }
    return copy ?? value;
  }
  const part = value as Readonly<Record<string, unknown>>;
  let changed: [string, unknown][] | undefined;
  for (const key of Object.keys(part)) {
    const own = literal(part[key]);
    if (Object.is(own, part[key])) continue;
    changed ??= [];
    changed.push([key, own]);
  }
  return changed ? Object.fromEntries([...Object.entries(part), ...changed]) : value;
}
