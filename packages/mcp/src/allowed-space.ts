/** Whether a study's parameters fit a command that the user allowed: an agent made the space, and may mean harm. */
import { InvalidArgumentError, type Params } from '@foothold/core';

/** A parameter of an allowed command. */
export interface CommandParameter {
  readonly name: string;
  /** It is an argument of its own, not a part of one and not in quotes: a text may stand there. Elsewhere only numbers may. */
  readonly isArgument: boolean;
}

/** Names that a command has for the trial itself. */
const reserved = ['trial', 'slot'];

/**
 * Throws InvalidArgumentError for a space, as JSON describes it, that has not exactly the command's parameters, for conditions and
 * for choices that may not stand where the command has them.
 */
export function checkAllowedSpace(
  space: Readonly<Record<string, unknown>>,
  parameters: readonly CommandParameter[],
): void {
  const names = Object.keys(space).filter((key) => !key.startsWith('$'));
  checkNames('space', names, parameters);
  for (const parameter of parameters) {
    const { name } = parameter;
    const { type, choices, when } = space[name] as Readonly<Record<string, unknown>>;
    if (when !== undefined)
      throw new InvalidArgumentError(
        `space.${name}.when`,
        when,
        'no condition: an allowed command has all its arguments in each trial',
      );
    if (Array.isArray(choices)) for (const choice of choices) checkValue(`space.${name}`, choice, parameter);
    else if (type !== 'real' && type !== 'int')
      throw new InvalidArgumentError(`space.${name}.type`, type, 'real, int, or one with choices');
  }
}

/** The same of the parameters of a trial: one may be older than the space, which can be edited. Throws InvalidArgumentError. */
export function checkAllowedParams(params: Params, parameters: readonly CommandParameter[]): void {
  checkNames('params', Object.keys(params), parameters);
  for (const parameter of parameters) checkValue(parameter.name, params[parameter.name], parameter);
}

function checkNames(
  argument: string,
  names: readonly string[],
  parameters: readonly CommandParameter[],
): void {
  const own = names.find((name) => reserved.includes(name));
  if (own !== undefined)
    throw new InvalidArgumentError(
      `${argument}.${own}`,
      own,
      `another name: {${own}} of a command is the trial's`,
    );
  const wanted = parameters.map(({ name }) => name);
  const missing = wanted.filter((name) => !names.includes(name));
  const unknown = names.filter((name) => !wanted.includes(name));
  if (missing.length === 0 && unknown.length === 0) return;
  throw new InvalidArgumentError(
    argument,
    names,
    [
      `exactly the parameters of the command, ${wanted.join(', ') || 'none'}`,
      ...(missing.length > 0 ? [`missing: ${missing.join(', ')}`] : []),
      ...(unknown.length > 0 ? [`not in the command: ${unknown.join(', ')}`] : []),
    ].join('; '),
  );
}

function checkValue(argument: string, value: unknown, { name, isArgument }: CommandParameter): void {
  if (typeof value === 'number') return;
  if (!isArgument)
    throw new InvalidArgumentError(
      argument,
      value,
      `numbers, for {${name}} is within a larger word of the command, in quotes, or sets a variable; other values need an argument of their own`,
    );
  if (typeof value === 'boolean') return;
  // A command leaves out an argument that has no value, and the flag before it.
  if (typeof value !== 'string')
    throw new InvalidArgumentError(argument, value, 'numbers, texts, true and false');
  if (value.startsWith('-'))
    throw new InvalidArgumentError(
      argument,
      value,
      'choices that do not begin with -, which a program would take for an option',
    );
}
