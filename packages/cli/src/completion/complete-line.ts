import type { Command, Option } from 'commander';
import { collect } from '../options.ts';
import { argumentValues, optionValues, type ValueSource } from './value-sources.ts';

/** What may stand in place of a word. */
export interface Candidate {
  readonly value: string;
  readonly description: string;
}

export interface Completion {
  /** Those that begin as the word does. */
  readonly candidates: readonly Candidate[];
  /** True where the name of a file may stand there too. */
  readonly files: boolean;
}

/** A line up to its last word, as the commands read it. */
interface ReadLine {
  readonly command: Command;
  /** The last value of each option that has one, by the option's name. */
  readonly given: ReadonlyMap<string, string>;
  /** The option whose value comes next. */
  readonly waiting: Option | undefined;
  /** Arguments of the command before the last word. */
  readonly count: number;
  /** True after `--`. */
  readonly onlyArguments: boolean;
}

/**
 * Candidates for the last word of a line, from the definitions of the commands.
 *
 * @param words the words after the program's name; the last one is completed, and may be empty
 * @param studiesIn names of the studies in a storage; undefined stands for the default
 */
export async function completeLine(
  program: Command,
  words: readonly string[],
  studiesIn: (storage: string | undefined) => Promise<readonly string[]>,
): Promise<Completion> {
  const current = words.at(-1) ?? '';
  const line = readLine(program, words.slice(0, -1));
  const valuesOf = async (source: ValueSource = {}, before = ''): Promise<Completion> => {
    const studies = source.studies ? await studiesIn(line.given.get('--storage')) : [];
    const values = [
      ...(source.words ?? []).map((value) => ({ value, description: '' })),
      ...studies.map((value) => ({ value, description: 'study' })),
    ];
    const all = values.map(({ value, description }) => ({ value: `${before}${value}`, description }));
    return { candidates: startingWith(current, all), files: source.files === true };
  };
  if (line.waiting && isValueOf(line.waiting, current)) return valuesOf(optionValues(line.waiting));
  const options = () => startingWith(current, optionCandidates(line));
  if (!line.onlyArguments && current.startsWith('-')) {
    const end = current.indexOf('=');
    const option = end < 0 ? undefined : optionNamed(line.command, current.slice(0, end));
    return option
      ? valuesOf(optionValues(option), current.slice(0, end + 1))
      : { candidates: options(), files: false };
  }
  const { command, count } = line;
  const commands = count > 0 ? [] : startingWith(current, commandCandidates(command));
  const argument = command.registeredArguments[count];
  const values = await valuesOf(argument && argumentValues(argument));
  const candidates = [...commands, ...values.candidates];
  if (candidates.length > 0 || values.files || current !== '') return { candidates, files: values.files };
  return { candidates: options(), files: false };
}

function readLine(program: Command, words: readonly string[]): ReadLine {
  const given = new Map<string, string>();
  let [command, count, onlyArguments] = [program, 0, false];
  let waiting: Option | undefined;
  for (const word of words) {
    if (waiting && isValueOf(waiting, word)) {
      given.set(waiting.long ?? '', word);
      waiting = undefined;
      continue;
    }
    waiting = undefined;
    if (!onlyArguments && word === '--') onlyArguments = true;
    else if (!onlyArguments && word.startsWith('-')) {
      const [name = '', ...rest] = word.split('=');
      const option = optionNamed(command, name);
      if (option && takesValue(option) && rest.length === 0) waiting = option;
      else if (option) given.set(option.long ?? '', rest.join('='));
    } else {
      const next = count === 0 ? command.commands.find((of) => of.name() === word) : undefined;
      if (next) command = next;
      else count++;
    }
  }
  return { command, given, waiting, count, onlyArguments };
}

function takesValue({ required, optional }: Option): boolean {
  return required || optional;
}

/** False for another option after one that may stand without a value. */
function isValueOf({ optional }: Option, word: string): boolean {
  return !(optional && word.startsWith('-'));
}

function optionNamed(command: Command, name: string): Option | undefined {
  return command.options.find(({ long, short }) => long === name || short === name);
}

/** Options that help shows and the line does not have, unless they may be given several times. */
function optionCandidates({ command, given }: ReadLine): readonly Candidate[] {
  return command
    .createHelp()
    .visibleOptions(command)
    .filter(({ long, parseArg }) => !given.has(long ?? '') || parseArg === collect)
    .map(({ long, short, description }) => ({ value: (long ?? short)!, description }));
}

function commandCandidates(command: Command): readonly Candidate[] {
  return command
    .createHelp()
    .visibleCommands(command)
    .map((of) => ({ value: of.name(), description: of.description() }));
}

function startingWith(start: string, all: readonly Candidate[]): readonly Candidate[] {
  return all.filter(({ value }) => value.startsWith(start));
}
