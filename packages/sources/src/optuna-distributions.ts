/** What Optuna is told of each parameter: in an edited study each trial has the range of the space in which it was asked for. */
import {
  InvalidArgumentError,
  type ParameterDescription,
  type Params,
  type SpaceDescription,
  type Trial,
} from '@foothold/core';
import { spaceOf } from '@foothold/space';
import { type StudyData, spacesOf } from '@foothold/study';

/** A value as Optuna stores it. */
export interface OptunaParameter {
  readonly name: string;
  readonly internal: number;
  readonly distribution: string;
}

interface Distribution {
  /** For messages. */
  readonly allowed: string;
  readonly json: string;
  /** The value as Optuna stores it; undefined where the distribution does not have it. */
  internal(value: Params[string]): number | undefined;
}

type Distributions = ReadonlyMap<string, Distribution>;

/**
 * A function from the trials of a study to their parameters. Choices and scales are the same in all trials, as Optuna goes on with no others:
 * those of the newest space, and after its choices earlier ones that a trial has. Throws InvalidArgumentError for a value that no space of the study has.
 */
export function optunaParameters(
  study: Pick<StudyData, 'space' | 'edits' | 'trials'>,
): (trial: Trial, names: readonly string[]) => readonly OptunaParameter[] {
  const choices = optunaChoices(study);
  const scales = scalesOf(study);
  const made = new Map<SpaceDescription, Distributions>();
  const distributionsIn = (space: SpaceDescription): Distributions => {
    const known = made.get(space);
    if (known) return known;
    const distributions = new Map(
      parametersOf(space).map(([name, description]) => [
        name,
        distributionOf(name, inScale(description, scales.get(name)), choices.get(name) ?? []),
      ]),
    );
    made.set(space, distributions);
    return distributions;
  };
  return ({ number, params }, names) => {
    const spaces = spacesOf(study, number).map(distributionsIn);
    return names.map((name) => parameterOf({ number, name, value: params[name]! }, spaces));
  };
}

/** The parameter in the first space that has its value. Throws InvalidArgumentError. */
function parameterOf(
  { number, name, value }: { readonly number: number; readonly name: string; readonly value: Params[string] },
  spaces: readonly Distributions[],
): OptunaParameter {
  const known = spaces.flatMap((space) => space.get(name) ?? []);
  for (const { internal, json } of known) {
    const stored = internal(value);
    if (stored !== undefined) return { name, internal: stored, distribution: json };
  }
  if (known.length > 0)
    throw new InvalidArgumentError(
      `${name} of trial ${number}`,
      value,
      known.map(({ allowed }) => allowed).join(', before an edit '),
    );
  const names = new Set(spaces.flatMap((space) => [...space.keys()]));
  throw new InvalidArgumentError(`trial ${number}`, name, `parameters of the study: ${[...names]}`);
}

/** The choices of each categorical parameter in all trials: those of the newest space that has it, and then others that trials have. */
export function optunaChoices({
  space,
  edits,
  trials,
}: Pick<StudyData, 'space' | 'edits' | 'trials'>): ReadonlyMap<string, readonly Params[string][]> {
  const found = new Map<string, Params[string][]>();
  const all = new Map<string, Set<Params[string]>>();
  // From the newest space on: that of a trial beyond all edits.
  for (const description of spacesOf({ space, edits }, Infinity))
    for (const [name, parameter] of parametersOf(description)) {
      if (!('choices' in parameter)) continue;
      if (!found.has(name)) found.set(name, [...parameter.choices]);
      const earlier = all.get(name) ?? new Set();
      for (const choice of parameter.choices) earlier.add(choice);
      all.set(name, earlier);
    }
  for (const { params } of trials)
    for (const [name, choices] of found) {
      const value = params[name];
      if (value !== undefined && all.get(name)!.has(value) && !choices.includes(value)) choices.push(value);
    }
  return found;
}

/** Whether each number has a logarithmic scale in the newest space that has it. */
function scalesOf(study: Pick<StudyData, 'space' | 'edits'>): ReadonlyMap<string, Scale> {
  const found = new Map<string, Scale>();
  for (const space of spacesOf(study, Infinity))
    for (const [name, parameter] of parametersOf(space))
      if ('low' in parameter && !found.has(name))
        found.set(name, { type: parameter.type, log: parameter.log === true });
  return found;
}

interface Scale {
  readonly type: ParameterDescription['type'];
  readonly log: boolean;
}

/** The range in this scale. One from 0 or below has no logarithmic one: it stays as it is. */
function inScale(description: ParameterDescription, scale: Scale | undefined): ParameterDescription {
  if (!('low' in description) || scale?.type !== description.type) return description;
  const { log = false, step: _, ...range } = description;
  if (log === scale.log || (scale.log && range.low <= 0)) return description;
  return { ...range, log: scale.log };
}

function parametersOf(space: SpaceDescription): readonly (readonly [string, ParameterDescription])[] {
  return Object.entries(space).filter(([name]) => !name.startsWith('$'));
}

function distributionOf(
  name: string,
  description: ParameterDescription,
  choices: readonly Params[string][],
): Distribution {
  if (description.type === 'categorical' || description.type === 'ordinal') {
    return {
      allowed: `one of ${JSON.stringify(choices)}`,
      json: `{"name": "CategoricalDistribution", "attributes": {"choices": ${JSON.stringify(choices)}}}`,
      internal: (value) => {
        const at = choices.indexOf(value);
        return at < 0 ? undefined : at;
      },
    };
  }
  const { type, low, log = false, step } = description;
  const high = lastOf(name, description);
  return {
    allowed: `a number from ${low} to ${high}`,
    json:
      type === 'int'
        ? `{"name": "IntDistribution", "attributes": {"log": ${log}, "step": ${step ?? 1}, "low": ${low}, "high": ${high}}}`
        : `{"name": "FloatDistribution", "attributes": {"step": ${step === undefined ? null : float(step)}, "low": ${float(low)}, "high": ${float(high)}, "log": ${log}}}`,
    internal: (value) => {
      if (typeof value !== 'number' || value < low || value > high) return undefined;
      const levels = (value - low) / (step ?? (type === 'int' ? 1 : Number.NaN));
      return Number.isNaN(levels) || Math.abs(levels - Math.round(levels)) < gridTolerance
        ? value
        : undefined;
    },
  };
}

/** How far from a level of its grid a value may be, in steps, and still be one: as Optuna takes it. */
const gridTolerance = 1e-8;

/** The largest value: Optuna wants a high that is one. */
function lastOf(
  name: string,
  description: Extract<ParameterDescription, { readonly type: 'real' | 'int' }>,
): number {
  const { when: _, default: __, ...alone } = description;
  if (alone.step === undefined) return alone.high;
  return Number(spaceOf({ [name]: alone } as SpaceDescription).decode(Float64Array.of(1))[name]);
}

/** A number that Python reads as one with a decimal point. */
function float(value: number): string {
  const text = String(value);
  return /^-?\d+$/.test(text) ? `${text}.0` : text;
}
