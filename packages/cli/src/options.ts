import { InvalidArgumentError as BadArgument, type Command } from 'commander';

/** Parsers for option values; what they throw is shown with the option's name. */

/** A whole number from `from`. */
export function whole(from: number, to = Number.MAX_SAFE_INTEGER): (text: string) => number {
  return (text) => {
    const value = Number(text);
    if (text.trim() === '' || !Number.isSafeInteger(value) || value < from || value > to)
      throw new BadArgument(
        `It must be a whole number from ${from}${to < Number.MAX_SAFE_INTEGER ? ` to ${to}` : ''}.`,
      );
    return value;
  };
}

/** A number above 0. */
export function positive(text: string): number {
  const value = Number(text);
  if (text.trim() === '' || !(value > 0) || value === Infinity)
    throw new BadArgument('It must be a number above 0.');
  return value;
}

/** A finite number. */
export function finite(text: string): number {
  const value = Number(text);
  if (text.trim() === '' || !Number.isFinite(value)) throw new BadArgument('It must be a number.');
  return value;
}

/** Finite numbers, separated by commas. */
export function numbers(text: string): readonly number[] {
  const values = text.split(',').map((part) => (part.trim() === '' ? Number.NaN : Number(part)));
  if (!values.every(Number.isFinite)) throw new BadArgument('It must be numbers separated by commas.');
  return values;
}

/** One of these words; `words` of the parser has them, for completion. */
export function oneOf<const T extends string>(
  ...words: readonly T[]
): ((text: string) => T) & { readonly words: readonly T[] } {
  const parse = (text: string) => {
    const found = words.find((word) => word === text);
    if (found === undefined) throw new BadArgument(`It must be one of ${words.join(', ')}.`);
    return found;
  };
  return Object.assign(parse, { words });
}

/** A name that is not empty. */
export function named(text: string): string {
  if (text.trim() === '') throw new BadArgument('It must be a name that is not empty.');
  return text;
}

/** Appends to the values of an option that may be given several times. */
export function collect(text: string, before: readonly string[] = []): readonly string[] {
  return [...before, text];
}

/** Names of the options that stand on the command line, those with their default left out. */
export function givenOptions(command: Command): ReadonlySet<string> {
  return new Set(Object.keys(command.opts()).filter((name) => command.getOptionValueSource(name) === 'cli'));
}
