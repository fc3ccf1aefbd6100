import { transferMethods } from '@foothold/optimize/transfer-methods';
import { prunerNames, samplerNames } from '@foothold/protocol';
import type { Argument, Option } from 'commander';

/** Where the values of an option or an argument come from: these words, the studies of the storage, files. */
export interface ValueSource {
  readonly words?: readonly string[];
  readonly studies?: boolean;
  readonly files?: boolean;
}

const files: ValueSource = { files: true };
const studies: ValueSource = { studies: true };

/** By the option's name, whatever the command. Choices that are checked when the line is read are not repeated here. */
const ofOptions: Readonly<Record<string, ValueSource>> = {
  '--sampler': { words: samplerNames },
  '--method': { words: Object.keys(transferMethods) },
  '--prune': { words: prunerNames },
  '--name': studies,
  '--from': { studies: true, files: true },
  '--space': files,
  '--storage': files,
  '--to-storage': files,
  '--report': files,
  '--out': files,
  '--token-file': files,
  '--read-token-file': files,
  '--to': files,
  '--rows': files,
  '--columns': files,
  '--checkpoint-dir': files,
  // A command begins with a program.
  '--run': files,
  '--small': files,
  '--large': files,
};

const ofArguments: Readonly<Record<string, ValueSource>> = {
  study: studies,
  name: studies,
  table: files,
  file: files,
};

/** Values of an option; undefined for text and numbers. */
export function optionValues({ long, argChoices, parseArg }: Option): ValueSource | undefined {
  const { words = argChoices } = (parseArg ?? {}) as { readonly words?: readonly string[] };
  return words ? { words } : ofOptions[long ?? ''];
}

/** Values of an argument of a command; undefined for text. */
export function argumentValues(argument: Argument): ValueSource | undefined {
  const { argChoices: words } = argument;
  return words ? { words } : ofArguments[argument.name()];
}
