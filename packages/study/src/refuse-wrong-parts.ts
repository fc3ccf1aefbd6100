import { InvalidArgumentError } from '@foothold/core';

/** The function that each part of a study has. */
const functionOf = { space: 'encode', sampler: 'sample', pruner: 'prune', storage: 'read' } as const;

/** Throws InvalidArgumentError for a part that is none, such as the name of a pruner: it would be passed over, or fail at the first report. */
export function refuseWrongParts(options: { readonly [K in keyof typeof functionOf]?: unknown }): void {
  for (const [name, member] of Object.entries(functionOf)) {
    const part = options[name as keyof typeof functionOf];
    const isPart =
      typeof (part as Readonly<Record<string, unknown>> | null | undefined)?.[member] === 'function';
    if (!isPart && (part !== undefined || name === 'space' || name === 'sampler'))
      throw new InvalidArgumentError(name, part, `an object with the function ${member}`);
  }
}
