import { InvalidArgumentError } from '@foothold/core';
import { filled, type Placeholder, type Values } from './placeholder.ts';
import { type ShellPart, shellParts } from './shell-parts.ts';

export interface FilledLine {
  readonly line: string;
  /** Variables that hold the values: what they hold is never read as a command. */
  readonly env: Readonly<Record<string, string>>;
}

export interface ShellLine {
  readonly placeholders: readonly Placeholder[];
  /** Throws InvalidArgumentError for a value that a shell might run where it stands. */
  fill(values: Values): FilledLine;
}

/**
 * A line for a POSIX shell. Each value is handed over in a variable of the environment and stands in the line as that variable,
 * quoted as its surroundings ask: `{c}`, `"{c}"`, `'{c}'`, `"a {c} b"` and `$(prog {c})` all give the value as it is. `${…}` is the
 * shell's own.
 *
 * In back quotes, arithmetic, here-documents and `${…}`, in a line that has a text read as commands once more (`eval`, `sh -c`,
 * `ssh`), and on Windows a value is written as it is, and only where it consists of letters, digits and `_ . + - / @ % , :`.
 */
export function shellLine(text: string, names: readonly string[], platform: NodeJS.Platform): ShellLine {
  const parts = shellParts(text, names);
  const always = platform === 'win32' || readsTwice(text);
  return {
    placeholders: parts.flatMap(({ placeholder }) => placeholder ?? []),
    fill: (values) => {
      const env: Record<string, string> = {};
      let line = '';
      let from = 0;
      parts.forEach((part, k) => {
        const { placeholder } = part;
        const value = placeholder ? filled(placeholder, values) : part.literal;
        const { start, end } = value === undefined ? (part.cut ?? part) : part;
        // The flag before this word may have gone with the word before it.
        line += text.slice(from, Math.max(start, from));
        from = Math.max(end, from);
        if (value === undefined) line += part.cut || part.context !== 'plain' ? '' : "''";
        else if (placeholder === undefined || placeholder.flag) line += value;
        else if (always || part.context === 'verbatim') line += harmless(value, placeholder.name);
        else {
          const variable = `FOOTHOLD_VALUE_${k + 1}`;
          env[variable] = value;
          line += asVariable(variable, part.context);
        }
      });
      return { line: line + text.slice(from), env };
    },
  };
}

function asVariable(variable: string, context: ShellPart['context']): string {
  if (context === 'double') return `\${${variable}}`;
  return context === 'single' ? `'"\${${variable}}"'` : `"\${${variable}}"`;
}

/** Programs and words of a shell that read a text as commands, or as arithmetic, which may hold commands. */
const twice =
  /(?:^|[\s;|&("'`/])(?:eval|ssh|su|watch|parallel|trap|let|declare|typeset|local|alias|unset|\[\[|(?:ba|da|z|k|a|c|tc|fi)?sh\s+(?:\S+\s+)*?-\w*c)(?=\s|$)/;

function readsTwice(text: string): boolean {
  return twice.test(text) || text.includes('((') || /\$\{?SHELL\b/.test(text);
}

function harmless(value: string, name: string): string {
  if (/^[\w.+\-/@%,:]*$/.test(value)) return value;
  throw new InvalidArgumentError(
    name,
    value,
    `letters, digits and _ . + - / @ % , : where a shell reads the text once more (eval, sh -c, back quotes, arithmetic, <<): give {${name}} as an argument, as in sh -c 'prog "$1"' sh {${name}} without --shell, or read FOOTHOLD_PARAMS`,
  );
}
