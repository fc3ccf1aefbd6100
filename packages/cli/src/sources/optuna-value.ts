/** A distribution as Optuna stores it in JSON, as far as it takes part in reading a value back. */
interface OptunaDistribution {
  readonly name: string;
  readonly attributes: { readonly choices?: readonly (string | number | boolean | null)[] };
}

/** A stored parameter (its internal number and its distribution) as the objective saw it; undefined for kinds that Optuna does not have today. */
export function optunaValue(internal: number, distribution: string): number | string | boolean | undefined {
  const { name, attributes } = JSON.parse(distribution) as OptunaDistribution;
  if (name === 'FloatDistribution') return internal;
  if (name === 'IntDistribution') return Math.round(internal);
  if (name !== 'CategoricalDistribution') return undefined;
  const choice = attributes.choices?.[internal];
  // Foothold has no null; its text stands for it.
  return choice === null ? 'null' : choice;
}
