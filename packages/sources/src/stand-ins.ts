import { type Attributes, OutOfSpaceError, type ParameterDescription, type Params } from '@foothold/core';
import { type ParameterSpace, spaceOf } from '@foothold/space';
import type { OptunaStudy } from './optuna-study.ts';
import type { ReadOptions } from './read-study-options.ts';
import { SourceError } from './source-error.ts';

/** Attribute of a trial with the names of parameters for which it ended too early. */
export const standInsKey = 'stand_ins';

interface FilledParams {
  readonly whole: Params;
  /** The trial's attributes, with the names of what stands in. */
  notes(about: { readonly attributes?: Attributes }): { readonly attributes?: Attributes };
}

/**
 * The parameters with a value for each that the space needs: what is given for older trials (`fill`), or the middle of its range,
 * where a trial failed or was pruned before it had one. Throws SourceError, with what to do, for a complete trial that
 * lacks one, and for a value outside the space.
 */
export function filledParams(
  params: Params,
  {
    study,
    space,
    options,
    number,
    isStandIn,
  }: {
    readonly study: OptunaStudy;
    readonly space: ParameterSpace;
    readonly options: ReadOptions;
    readonly number: number;
    readonly isStandIn: boolean;
  },
): FilledParams {
  const whole: Record<string, Params[string]> = { ...params };
  const standIns: string[] = [];
  for (;;) {
    try {
      space.encode(whole);
      break;
    } catch (error) {
      if (!(error instanceof OutOfSpaceError)) throw error;
      const { parameter: name } = error;
      const isMissing = error.value === undefined && !Object.hasOwn(whole, name);
      if (!isMissing)
        throw new SourceError(
          `trial ${number}: ${error.message}; give a space (--space) that holds every trial`,
        );
      const given = options.fill?.[name];
      if (given !== undefined) {
        whole[name] = given;
        study.notes.add(`${name}: trials without it have ${JSON.stringify(given)}, as given`);
        continue;
      }
      if (!isStandIn)
        throw new SourceError(
          `trial ${number} is complete and has no ${name}, and no other parameter decides which trials have it: ` +
            `say what it was for them, --fill '{${JSON.stringify(name)}:VALUE}'`,
        );
      whole[name] = middleOf(name, space);
      standIns.push(name);
      study.notes.add(`${name}: trials that ended before they had it have the middle of its range`);
    }
  }
  return {
    whole,
    notes: ({ attributes }) =>
      standIns.length > 0 ? { attributes: { ...attributes, [standInsKey]: standIns } } : {},
  };
}

function middleOf(name: string, space: ParameterSpace): Params[string] {
  const { when: _, ...alone } = space.description![name] as ParameterDescription;
  return alone.default ?? spaceOf({ [name]: alone }).decode(Float64Array.of(0.5))[name]!;
}
