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

function literal(value: unknown): unknown {
  if (typeof value === 'string') return literalText(value);
  if (typeof value !== 'object' || value === null) return value;
  if (Array.isArray(value)) {
    const all = value.map(literal);
    return all.some((one, i) => one !== value[i]) ? all : value;
  }
  const entries = Object.entries(value);
  const all = entries.map(([key, inner]) => [key, literal(inner)] as const);
  return all.some(([, own], i) => own !== entries[i]![1]) ? Object.fromEntries(all) : value;
}
