/** What of a source was not used: a sentence a kind, with how often it is true. */
export interface Notes {
  add(text: string): void;
  /** The sentences, each with its count among `total` trials. */
  lines(total: number): readonly string[];
}

/** Kinds of remarks that are listed; further ones are counted. */
const listed = 20;

export function notes(): Notes {
  const counts = new Map<string, number>();
  return {
    add: (text) => {
      counts.set(text, (counts.get(text) ?? 0) + 1);
    },
    lines: (total) => {
      const all = [...counts].map(([text, count]) => `${text} (${count} of ${total})`);
      return all.length > listed
        ? [...all.slice(0, listed), `${all.length - listed} further remarks of these kinds`]
        : all;
    },
  };
}
