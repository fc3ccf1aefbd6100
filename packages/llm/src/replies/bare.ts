/** Signs that models put around a name or a value: quotes, backticks, emphasis, brackets, a full stop. */
const before = new Set(' \t\r"\'`*_([{<');
const after = new Set(' \t\r"\'`*_)]}>.');

/** The text without the signs around it. A loop, since a pattern for the end of a text looks at each blank of it again. */
export function bare(text: string): string {
  let start = 0;
  let end = text.length;
  while (start < end && before.has(text[start]!)) start++;
  while (end > start && after.has(text[end - 1]!)) end--;
  return text.slice(start, end);
}
