/** A command of `--allow`: what an agent may put into it is fixed when it is given. */
import { InvalidArgumentError } from '@foothold/core';
import type { CommandParameter } from '@foothold/mcp';
import { commandTemplate } from './command-template.ts';
import { requireProgram } from './require-program.ts';

/** Placeholders that are the trial's, not an agent's. */
const ofTrial = ['trial', 'slot'];

/**
 * The parameters of a command: `{name}` and `{name?text:other}` with a name of letters, digits, `_`, `.` and `-` that begins with a
 * letter or `_`. No other brace ever becomes one, whatever names a study has.
 *
 * Throws InvalidArgumentError for a command that is none, whose program is not there, that leaves the program to the agent, or that
 * has words in braces that may be a name and are none of these.
 */
export function allowedParameters(command: string): readonly CommandParameter[] {
  const named = [...command.matchAll(/(?<!\$)\{([A-Za-z_][\w.-]*)(?=[}?])/g)].map(([, name]) => name!);
  const names = [...new Set(named)].filter((name) => !ofTrial.includes(name));
  return asAllow(() => {
    const template = commandTemplate(command, names, { extra: ofTrial });
    if (template.program === undefined)
      throw new InvalidArgumentError('--allow', command, 'a command that names its program itself');
    requireProgram(template.program);
    return names
      .filter((name) => template.names.has(name))
      .map((name) => ({ name, isArgument: !template.within.has(name) }));
  });
}

/** What the call returns; its errors name `--allow`. */
function asAllow<T>(call: () => T): T {
  try {
    return call();
  } catch (error) {
    if (!(error instanceof InvalidArgumentError)) throw error;
    throw new InvalidArgumentError('--allow', error.value, error.allowed);
  }
}
