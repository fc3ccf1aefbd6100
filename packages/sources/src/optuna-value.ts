import type { Params } from '@foothold/core';
import { lenientJson } from './lenient-json.ts';

/** How a stored parameter is read back: as in Optuna 2 (five kinds) and in 3 to 5 (two), and in its short form. */
const kinds: Readonly<Record<string, 'number' | 'whole' | 'choice'>> = {
  FloatDistribution: 'number',
  UniformDistribution: 'number',
  LogUniformDistribution: 'number',
  DiscreteUniformDistribution: 'number',
  IntDistribution: 'whole',
  IntUniformDistribution: 'whole',
  IntLogUniformDistribution: 'whole',
  CategoricalDistribution: 'choice',
  float: 'number',
  int: 'whole',
  categorical: 'choice',
};

/** A distribution of Optuna: how values are read, which belong together, and their range. */
export interface OptunaDistribution {
  readonly name: string;
  readonly kind: 'number' | 'whole' | 'choice' | undefined;
  readonly log: boolean;
  readonly choices: readonly unknown[];
  /** Bounds of a range; undefined for choices, and where the file lacks one. */
  readonly low: number | undefined;
  readonly high: number | undefined;
  /** Distance between neighbouring values; undefined where every value between the bounds is allowed. */
  readonly step: number | undefined;
}

/** The distribution in this JSON. Throws SyntaxError for what is none. */
export function optunaDistribution(json: string): OptunaDistribution {
  const whole = lenientJson(json);
  if (!isRecord(whole)) throw new SyntaxError('a distribution is no object');
  const name = whole['name'] ?? whole['type'];
  const attributes = whole['name'] === undefined ? whole : whole['attributes'];
  if (typeof name !== 'string' || !isRecord(attributes)) throw new SyntaxError('a distribution has no name');
  const kind = Object.hasOwn(kinds, name) ? kinds[name] : undefined;
  const { choices } = attributes as { readonly choices?: unknown };
  if (kind === 'choice' && !Array.isArray(choices)) throw new SyntaxError('a distribution has no choices');
  const log = attributes['log'] === true || name.includes('LogUniform');
  const figure = (member: string) =>
    typeof attributes[member] === 'number' ? attributes[member] : undefined;
  // Before Optuna 3 the step of a real parameter was called q, and whole numbers on a logarithmic scale had one of 1.
  const step = log ? undefined : (figure('step') ?? figure('q'));
  return {
    name,
    kind,
    log,
    choices: Array.isArray(choices) ? choices : [],
    low: figure('low'),
    high: figure('high'),
    step,
  };
}

/** `optunaDistribution` for many trials, most of which have the same few: equal texts give one object. */
export function distributionReader(): (json: string) => OptunaDistribution {
  const known = new Map<string, OptunaDistribution>();
  return (json) => {
    let distribution = known.get(json);
    if (!distribution) {
      distribution = optunaDistribution(json);
      known.set(json, distribution);
    }
    return distribution;
  };
}

/** False for two distributions that Optuna refuses to have under one name in a study. */
export function areCompatible(a: OptunaDistribution, b: OptunaDistribution): boolean {
  if (a.kind !== b.kind || a.log !== b.log) return false;
  return a.kind !== 'choice' || JSON.stringify(a.choices) === JSON.stringify(b.choices);
}

/** A stored number as the objective saw it; undefined where the distribution is unknown or has no such choice. */
export function optunaValue(
  internal: number,
  { kind, choices }: OptunaDistribution,
): Params[string] | undefined {
  if (kind === undefined || !Number.isFinite(internal)) return undefined;
  if (kind === 'number') return internal;
  if (kind === 'whole') return Math.trunc(internal);
  const choice = choices[Math.trunc(internal)];
  return choice === undefined ? undefined : choiceValue(choice);
}

/** A choice as a value of ours: lists, objects and numbers that are not finite are texts. */
export function choiceValue(choice: unknown): Params[string] {
  if (typeof choice === 'number') return Number.isFinite(choice) ? choice : String(choice);
  return choice === null || typeof choice === 'string' || typeof choice === 'boolean'
    ? choice
    : JSON.stringify(choice);
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
