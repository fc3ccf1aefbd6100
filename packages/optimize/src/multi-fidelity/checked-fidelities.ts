import { InvalidArgumentError, type Params } from '@foothold/core';
import type { Fidelity, FidelityObjective, MultiFidelityOptions } from './multi-fidelity-options.ts';

/** A fidelity with its defaults filled in, but for the cost. */
export type CheckedFidelity<P extends Params> = Fidelity<P> & {
  readonly name: string;
  readonly evaluate: FidelityObjective<P>;
};

/** The fidelities with names and objectives. Throws InvalidArgumentError for fidelities, costs and a budget that cannot be. */
export function checkedFidelities<P extends Params>(options: MultiFidelityOptions<P>): CheckedFidelity<P>[] {
  const { fidelities, budget, costs } = options;
  if (!Array.isArray(fidelities) || fidelities.length < 2)
    throw new InvalidArgumentError('fidelities', fidelities, 'two or more, the cheapest first');
  const names = new Set<string>();
  const result = fidelities.map((given, i): CheckedFidelity<P> => {
    const { fidelity, cost = fidelity, name = String(fidelity), evaluate = options.evaluate } = given;
    const before = fidelities[i - 1]?.fidelity ?? 0;
    const refuse = (member: string, value: unknown, allowed: string) =>
      new InvalidArgumentError(`fidelities[${i}].${member}`, value, allowed);
    if (!(fidelity > before && fidelity < Infinity))
      throw refuse('fidelity', fidelity, `a finite number above ${before}`);
    if (!(cost > 0 && cost < Infinity)) throw refuse('cost', cost, 'a finite number above 0');
    if (!evaluate) throw refuse('evaluate', evaluate, 'a function, here or for all fidelities');
    if (names.has(name)) throw refuse('name', name, 'a name of its own');
    names.add(name);
    return { ...given, name, evaluate };
  });
  const target = fidelities.at(-1)!;
  const minimum = costs === 'measured' ? 0 : (target.cost ?? target.fidelity);
  if (!(budget > 0 && budget >= minimum && budget < Infinity))
    throw new InvalidArgumentError(
      'budget',
      budget,
      `a finite number from ${minimum}, one evaluation at the target fidelity`,
    );
  if (costs !== undefined && costs !== 'given' && costs !== 'measured')
    throw new InvalidArgumentError('costs', costs, '"given" | "measured"');
  return result;
}
