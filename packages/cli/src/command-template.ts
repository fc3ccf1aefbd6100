import { InvalidArgumentError, type Params } from '@foothold/core';
import parseArgv from 'string-argv';

/** A command line with `{name}` where a parameter's value goes, ready to be filled for each trial. */
export interface CommandTemplate {
  /** Names that the template uses. */
  readonly names: ReadonlySet<string>;
  /** The first word, as written. */
  readonly program: string;
  /** Program and arguments for these values: each value stays within its own argument, whatever its text. */
  argv(values: Params): readonly string[];
  /** One line for a shell, every value quoted for it. */
  shellLine(values: Params): string;
}

const placeholder = /\{([A-Za-z_][\w.-]*)\}/g;

/**
 * Reads a template such as `python train.py --lr {lr}`. Words are split as a shell would split them, before any value is
 * put in. A parameter that is not active in a trial takes its argument away, and the `--flag` before it.
 *
 * Throws InvalidArgumentError when the template is empty or names something that is neither a parameter nor one of
 * `extra` (`trial`, …).
 */
export function commandTemplate(
  text: string,
  names: readonly string[],
  extra: readonly string[] = ['trial'],
): CommandTemplate {
  const words = parseArgv(text);
  if (words.length === 0)
    throw new InvalidArgumentError('--run', text, 'a command, such as "python train.py --lr {lr}"');
  const used = new Set([...text.matchAll(placeholder)].map((match) => match[1]!));
  const known = new Set([...names, ...extra]);
  for (const name of used)
    if (!known.has(name))
      throw new InvalidArgumentError(
        '--run',
        `{${name}}`,
        `a parameter of the space: ${[...known].map((n) => `{${n}}`).join(', ')}`,
      );
  return {
    names: used,
    program: words[0]!,
    argv: (values) => {
      const result: string[] = [];
      for (const word of words) {
        const missing = [...word.matchAll(placeholder)].some((match) => !Object.hasOwn(values, match[1]!));
        if (!missing) result.push(fill(word, values, String));
        else if (/^--?[A-Za-z][\w-]*$/.test(result.at(-1) ?? '') && result.length > 1) result.pop();
      }
      return result;
    },
    shellLine: (values) => fill(text, values, shellQuoted),
  };
}

function fill(text: string, values: Params, write: (value: string) => string): string {
  return text.replace(placeholder, (whole, name: string) =>
    Object.hasOwn(values, name) ? write(String(values[name])) : write === String ? whole : "''",
  );
}

/** The text as one word of a POSIX shell. */
function shellQuoted(text: string): string {
  return /^[\w.+-]+$/.test(text) ? text : `'${text.replaceAll("'", "'\\''")}'`;
}
