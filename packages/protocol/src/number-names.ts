const names = ['NaN', 'Infinity', '-Infinity'] as const;

/**
 * JSON, also with the three numbers that JSON lacks and that Python writes (`NaN`, `Infinity`, `-Infinity`), which are read as these
 * numbers so that a message can name them. Throws SyntaxError for anything else. Time is linear in the length.
 */
export function jsonWithNumberNames(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    const pieces: string[] = [];
    let from = 0;
    for (let i = 0; i < text.length; i++) {
      if (text[i] === '"') {
        for (i++; i < text.length && text[i] !== '"'; i++) if (text[i] === '\\') i++;
        continue;
      }
      const name = names.find((candidate) => text.startsWith(candidate, i));
      if (name === undefined) continue;
      // JSON has no number of this size: it becomes an infinity, and NaN a mark that no text of the line has.
      pieces.push(
        text.slice(from, i),
        name === 'NaN' ? '{"\\u0000NaN":0}' : name === 'Infinity' ? '1e999' : '-1e999',
      );
      i += name.length - 1;
      from = i + 1;
    }
    if (pieces.length === 0) throw error;
    return JSON.parse([...pieces, text.slice(from)].join(''), (_, value: unknown) =>
      typeof value === 'object' && value !== null && Object.hasOwn(value, '\u0000NaN') ? Number.NaN : value,
    );
  }
}

/** Where in a request the first number stands that is not finite, and which one it is. */
export function notFiniteIn(json: unknown): { readonly path: string; readonly value: number } | undefined {
  const open: { readonly path: readonly string[]; readonly value: unknown }[] = [{ path: [], value: json }];
  for (let entry = open.pop(); entry; entry = open.pop()) {
    const { path, value } = entry;
    if (typeof value === 'number' && !Number.isFinite(value)) return { path: path.join('.'), value };
    if (typeof value === 'object' && value !== null && path.length < 20)
      for (const [key, inner] of Object.entries(value).reverse())
        if (typeof inner === 'object' || typeof inner === 'number')
          open.push({ path: [...path, key], value: inner });
  }
  return undefined;
}
