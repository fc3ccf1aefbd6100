import { InvalidArgumentError } from '@foothold/core';

const maxLines = 1000;
const maxCharacters = 65_536;

/** What is wrong with the lines of a trial's output; undefined where nothing is. */
export function outputFault(lines: unknown): string | undefined {
  if (!Array.isArray(lines) || !lines.every((line) => typeof line === 'string'))
    return 'lines are a list of texts';
  const characters = lines.reduce((sum: number, line: string) => sum + line.length, 0);
  return lines.length > maxLines || characters > maxCharacters
    ? `at most ${maxLines} lines with ${maxCharacters} characters are kept, and these are ${lines.length} with ${characters}`
    : undefined;
}

/** The lines; undefined where none are given. Throws InvalidArgumentError for what is no list of texts, is too long, or is of no trial. */
export function checkedOutput(
  number: number | undefined,
  output: readonly string[] | undefined,
): readonly string[] | undefined {
  if (output === undefined) return undefined;
  if (number === undefined) throw new InvalidArgumentError('output', output, 'given for a trial');
  if (outputFault(output) !== undefined)
    throw new InvalidArgumentError(
      'output',
      Array.isArray(output) ? output.slice(-3) : output,
      `a list of at most ${maxLines} texts with ${maxCharacters} characters in all`,
    );
  return output;
}
