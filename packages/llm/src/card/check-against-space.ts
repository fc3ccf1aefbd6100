import { type ParameterDescription, type Params, type SearchSpace, UnsupportedError } from '@foothold/core';
import { TaskCardError } from '../errors.ts';
import { parametersOf } from './parameters-of.ts';
import type { TaskCard } from './task-card-schema.ts';

/** Throws TaskCardError where the card contradicts the space, UnsupportedError for a space whose parameters cannot be told. */
export function checkAgainstSpace<P extends Params>(card: TaskCard, space: SearchSpace<P>): void {
  const parameters = parametersOf(space);
  if (!parameters) throw new UnsupportedError('a space whose parameters cannot be described', 'a task card');
  const all = `the hyperparameters of the space: ${[...parameters.keys()].join(', ')}`;
  for (const name of Object.keys(card.hyperparameters))
    if (!parameters.has(name))
      throw new TaskCardError(`hyperparameters.${name}`, card.hyperparameters[name], all);
  for (const [name, description] of parameters) {
    const entry = Object.hasOwn(card.hyperparameters, name) ? card.hyperparameters[name] : undefined;
    if (!entry) throw new TaskCardError(`hyperparameters.${name}`, undefined, all);
    checkEntry(`hyperparameters.${name}`, entry, description);
  }
}

type Entry = TaskCard['hyperparameters'][string];

/** What the card says of a parameter, and only that, must be what the space says. */
function checkEntry(field: string, entry: Entry, description: ParameterDescription): void {
  const real: Readonly<Record<string, unknown>> =
    description.type === 'real' || description.type === 'int'
      ? {
          type: description.type,
          low: description.low,
          high: description.high,
          log: description.log ?? false,
        }
      : { type: description.type, choices: description.choices };
  for (const member of ['type', 'low', 'high', 'log', 'choices'] as const) {
    const said = entry[member];
    if (said === undefined || JSON.stringify(said) === JSON.stringify(real[member])) continue;
    const allowed =
      member in real
        ? `${JSON.stringify(real[member])}, as in the space`
        : `nothing: the parameter is ${description.type} in the space`;
    throw new TaskCardError(`${field}.${member}`, said, allowed);
  }
}
