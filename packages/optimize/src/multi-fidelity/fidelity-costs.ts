import type { Trial } from '@foothold/core';
import type { CostBudget } from '@foothold/samplers';

/** The metric that holds what an evaluation took, where costs are measured. */
export const secondsMetric = 'seconds';

/**
 * The cost of an evaluation at each fidelity, what was spent and what is left. Measured costs are the mean seconds of a
 * fidelity; one that was not evaluated yet costs as much per unit as the others, and before anything is known a tenth of the
 * budget at the target fidelity.
 */
export function fidelityCosts(
  trials: readonly Trial[],
  {
    fidelities,
    given,
    levelOf,
    budget,
  }: {
    readonly fidelities: readonly number[];
    /** A cost for each fidelity, or undefined to measure. */
    readonly given: readonly number[] | undefined;
    readonly levelOf: (trial: Trial) => number;
    readonly budget: number;
  },
): CostBudget {
  const own = trials.filter(({ loaded }) => !loaded);
  const costs = given ?? measured(trials, { fidelities, levelOf, budget });
  const spent = fidelities.map(() => 0);
  for (const trial of own) {
    const level = levelOf(trial);
    spent[level]! += (given ? undefined : secondsOf(trial)) ?? costs[level]!;
  }
  return { costs, spent, remaining: spent.reduce((left, cost) => left - cost, budget) };
}

function measured(
  trials: readonly Trial[],
  {
    fidelities,
    levelOf,
    budget,
  }: {
    readonly fidelities: readonly number[];
    readonly levelOf: (trial: Trial) => number;
    readonly budget: number;
  },
): number[] {
  const seconds = fidelities.map(() => [] as number[]);
  for (const trial of trials) {
    const found = secondsOf(trial);
    if (found !== undefined) seconds[levelOf(trial)]!.push(found);
  }
  const mean = (values: readonly number[]) => values.reduce((a, b) => a + b, 0) / values.length;
  const rates = seconds.flatMap((values, t) => (values.length > 0 ? [mean(values) / fidelities[t]!] : []));
  const rate = rates.length > 0 ? mean(rates) : budget / 10 / fidelities.at(-1)!;
  return seconds.map((values, t) => (values.length > 0 ? mean(values) : rate * fidelities[t]!));
}

function secondsOf(trial: Trial): number | undefined {
  const found = trial.state === 'complete' ? trial.metrics?.[secondsMetric] : undefined;
  return found !== undefined && found > 0 ? found : undefined;
}
