/**
 * The place in the program at which an error was thrown: the first address of a blob in its stack that belongs to the program. Browsers write it as
 * `blob:ADDRESS:LINE:COLUMN`, with or without brackets.
 */
export function placeOfError(
  error: unknown,
  address: string,
): { readonly line?: number; readonly column?: number } {
  const stack = error instanceof Error ? (error.stack ?? '') : '';
  const at = stack.indexOf(`${address}:`);
  const [, line, column] = /^(\d+):(\d+)/.exec(at < 0 ? '' : stack.slice(at + address.length + 1)) ?? [];
  return line === undefined ? {} : { line: Number(line), column: Number(column) };
}
