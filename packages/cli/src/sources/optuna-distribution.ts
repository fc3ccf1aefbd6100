import type { ParameterDescription } from '@foothold/core';

/** A distribution as Optuna stores it in JSON. */
interface OptunaDistribution {
  readonly name: string;
  readonly attributes: {
    readonly low?: number;
    readonly high?: number;
    readonly log?: boolean;
    readonly choices?: readonly (string | number | boolean | null)[];
  };
}

export interface OptunaParameter {
  /** The value as the objective saw it. */
  readonly value: number | string | boolean;
  readonly description: ParameterDescription;
}

/** A stored parameter (its internal number and its distribution) as value and parameter of a space; undefined for kinds that Optuna does not have today. */
export function optunaParameter(internal: number, distribution: string): OptunaParameter | undefined {
  const { name, attributes } = JSON.parse(distribution) as OptunaDistribution;
  const { low = 0, high = 0, log = false, choices = [] } = attributes;
  switch (name) {
    case 'FloatDistribution':
      return { value: internal, description: { type: 'real', low, high, log } };
    case 'IntDistribution':
      return { value: Math.round(internal), description: { type: 'int', low, high, log } };
    case 'CategoricalDistribution': {
      // Foothold has no null; its text stands for it.
      const known = choices.map((choice) => choice ?? 'null');
      const value = known[internal];
      return value === undefined
        ? undefined
        : { value, description: { type: 'categorical', choices: known } };
    }
    default:
      return undefined;
  }
}
