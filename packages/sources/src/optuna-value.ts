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

/** A distribution of Optuna, as far as it says how values are read, and which belong together. */
export interface OptunaDistribution {
  readonly name: string;
  readonly kind: 'number' | 'whole' | 'choice' | undefined;
  readonly log: boolean;
  readonly choices: readonly unknown[];
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
  return { name, kind, log, choices: Array.isArray(choices) ? choices : [] };
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
  if (choice === undefined) return undefined;
  if (typeof choice === 'number') return Number.isFinite(choice) ? choice : String(choice);
  // Foothold has no lists; their text stands for them.
  return choice === null || typeof choice === 'string' || typeof choice === 'boolean'
    ? choice
    : JSON.stringify(choice);
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
