/** A string, or one of the three numbers that JSON lacks and Python writes. */
const tokens = /"(?:[^"\\]|\\.)*"|-?\b(?:NaN|Infinity)\b/g;

/** JSON, also with NaN, Infinity and -Infinity as numbers, which become texts of these names. Throws SyntaxError. */
export function lenientJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    const quoted = text.replace(tokens, (token) => (token.startsWith('"') ? token : `"${token}"`));
    if (quoted === text) throw error;
    return JSON.parse(quoted);
  }
}

/** True for what a number that is not finite is written as. */
export function isNotFinite(value: unknown): boolean {
  return typeof value === 'string' && /^\s*[-+]?(nan|inf|infinity)\s*$/i.test(value);
}
