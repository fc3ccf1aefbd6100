import { InvalidArgumentError } from '@foothold/core';
import { type CommandWord, commandWords } from './template/command-words.ts';
import { filled, type Placeholder, type Values } from './template/placeholder.ts';
import { type FilledLine, shellLine } from './template/shell-line.ts';

/** A command line with `{name}` where a parameter's value goes, ready to be filled for each trial. */
export interface CommandTemplate {
  /** Names that the template uses. */
  readonly names: ReadonlySet<string>;
  /** Those of them that are not an argument of their own everywhere: parts of a word, in quotes, or in a variable's value. */
  readonly within: ReadonlySet<string>;
  /** The first word that sets no variable, as written; undefined for a shell, and where it has a placeholder. */
  readonly program: string | undefined;
  /** What a user should know about the command: parts that need `--shell`, a parameter called as something of Foothold's. */
  readonly notes: readonly string[];
  /** The command for these values. */
  filled(values: Values): FilledCommand;
}

/** What `runProcess` takes, and the variables that go with it. */
export interface FilledCommand {
  readonly command: readonly string[] | { readonly shell: string };
  readonly env: Readonly<Record<string, string>>;
}

export interface CommandTemplateOptions {
  /** Names that are filled beside the parameters'. A parameter of the same name wins. */
  readonly extra?: readonly string[];
  /** A line for the shell. */
  readonly shell?: boolean | undefined;
  readonly platform?: NodeJS.Platform;
}

/**
 * Reads a template such as `LR={lr} python train.py --wd {opt/wd} {amp?--amp}`; docs/commands.md has the grammar.
 *
 * Each value stays within its own argument, or with `shell` within its own variable, whatever its text. A parameter that has no
 * value in a trial takes its argument away, and the `--flag` before it. Throws InvalidArgumentError for an empty template, a word
 * in braces that is no name, an open quote and an operator of the shell without `shell`.
 */
export function commandTemplate(
  text: string,
  names: readonly string[],
  { extra = ['trial'], shell = false, platform = process.platform }: CommandTemplateOptions = {},
): CommandTemplate {
  if (text.trim() === '')
    throw new InvalidArgumentError('--run', text, 'a command, such as "python train.py --lr {lr}"');
  const known = [...new Set([...names, ...extra])];
  const shadows = extra.filter((name) => names.includes(name));
  const notesFor = (used: ReadonlySet<string>) =>
    shadows
      .filter((name) => used.has(name))
      .map(
        (name) =>
          `{${name}} is the parameter of this name${name === 'trial' ? "; FOOTHOLD_TRIAL has the trial's number" : ''}`,
      );
  if (shell) {
    const line = shellLine(text, known, platform);
    const used = namesOf(line.placeholders);
    const fill = (values: Values): FilledCommand => {
      const { line: filledLine, env }: FilledLine = line.fill(values);
      return { command: { shell: filledLine }, env };
    };
    return { names: used, within: used, program: undefined, notes: notesFor(used), filled: fill };
  }
  const { assigned, words } = assignments(commandWords(text, known));
  if (words.length === 0)
    throw new InvalidArgumentError(
      '--run',
      text,
      'a program after the variables, such as "LR={lr} python train.py"',
    );
  const used = namesOf(
    [...assigned, ...words].flatMap(({ parts }) => parts.filter((part) => typeof part !== 'string')),
  );
  const hints = [...new Set(words.flatMap(({ hint }) => hint ?? []))].map(
    (hint) => `${hint} is passed on as it stands; add --shell for what a shell makes of it`,
  );
  const [first] = words[0]!.parts;
  const inLarger = [...assigned, ...words.filter(({ parts }) => parts.length > 1)].flatMap(({ parts }) =>
    parts.filter((part) => typeof part !== 'string' && !part.flag),
  );
  return {
    names: used,
    within: namesOf(inLarger as readonly Placeholder[]),
    program: words[0]!.parts.length === 1 && typeof first === 'string' ? first : undefined,
    notes: [...notesFor(used), ...hints],
    filled: (values) => ({ command: argv(words, values), env: environment(assigned, values) }),
  };
}

function namesOf(placeholders: readonly Placeholder[]): ReadonlySet<string> {
  return new Set(placeholders.map(({ name }) => name));
}

/** `NAME=value` before the program sets a variable for it, as in a shell. */
function assignments(all: readonly CommandWord[]) {
  const count = all.findIndex(
    ({ parts: [first] }) => typeof first !== 'string' || !/^[A-Za-z_]\w*=/.test(first),
  );
  const split = count < 0 ? all.length : count;
  return { assigned: all.slice(0, split), words: all.slice(split) };
}

function environment(words: readonly CommandWord[], values: Values): Readonly<Record<string, string>> {
  const env: Record<string, string> = {};
  for (const word of words) {
    const text = textOf(word, values);
    if (text === undefined) continue;
    const equals = text.indexOf('=');
    env[text.slice(0, equals)] = text.slice(equals + 1);
  }
  return env;
}

function argv(words: readonly CommandWord[], values: Values): readonly string[] {
  const result: string[] = [];
  let previousIsFlag = false;
  for (const word of words) {
    const { parts } = word;
    const text = textOf(word, values);
    const isChoice = parts.every((part) => typeof part !== 'string' && part.flag);
    if (text === undefined) {
      const [first] = parts;
      const ownFlag = typeof first === 'string' && first.startsWith('-');
      if (previousIsFlag && !ownFlag) result.pop();
    } else if (isChoice) result.push(...text.split(/\s+/).filter((piece) => piece !== ''));
    else result.push(text);
    previousIsFlag =
      text !== undefined &&
      result.length > 1 &&
      typeof parts[0] === 'string' &&
      /^--?[A-Za-z][\w-]*$/.test(text);
  }
  refuseScript(words, values, result);
  return result;
}

/** The word with its values; undefined where one of them has none. */
function textOf({ parts }: CommandWord, values: Values): string | undefined {
  const texts = parts.map((part) => (typeof part === 'string' ? part : filled(part, values)));
  return texts.includes(undefined) ? undefined : texts.join('');
}

/** `sh -c "… {c}"` reads the value as commands: only a value without a shell's own characters may stand there. */
function refuseScript(words: readonly CommandWord[], values: Values, result: readonly string[]): void {
  const at = result.findIndex((word) => /(?:^|\/)(?:ba|da|z|k|a|c|tc|fi)?sh$/.test(word));
  if (at < 0) return;
  const script = result.slice(at + 1).find((_, k, rest) => k > 0 && /^-\w*c$/.test(rest[k - 1]!));
  const word = script === undefined ? undefined : words.find((w) => textOf(w, values) === script);
  for (const part of word?.parts ?? []) {
    const value = typeof part === 'string' || part.flag ? '' : (filled(part, values) ?? '');
    if (typeof part !== 'string' && !/^[\w.+\-/@%,: ]*$/.test(value))
      throw new InvalidArgumentError(
        part.name,
        value,
        `letters, digits and _ . + - / @ % , : within the script of a shell; write sh -c 'prog "$1"' sh {${part.name}}`,
      );
  }
}
