import {
  InvalidArgumentError,
  type Params,
  type TrainingFidelity,
  type Trial,
  TrialLimitError,
} from '@foothold/core';
import type { LocalStudy } from '../local-study.ts';
import { trainingCosts } from '../training/training-costs.ts';
import type { StopRule } from './stop-rule.ts';

/** The fidelity, and what all pieces may cost together in its units. */
export interface TrainingBudget {
  readonly fidelity: TrainingFidelity;
  readonly budget: number;
}

/** What the pieces of a study have cost, running ones included, in units of the fidelity. */
export async function trainingSpent<P extends Params>(
  study: Pick<LocalStudy<P>, 'trials'>,
  { fidelity }: Pick<TrainingBudget, 'fidelity'>,
): Promise<number> {
  const trials = (await study.trials()) as readonly Trial[];
  return trainingCosts(trials, fidelity).reduce((sum, cost) => sum + cost, 0);
}

/** Throws TrialLimitError where the pieces of a study have cost its budget, running ones included: no new one is to begin. */
export function refuseBeyondBudget(trials: readonly Trial[], { fidelity, budget }: TrainingBudget): void {
  const spent = trainingCosts(trials, fidelity).reduce((sum, cost) => sum + cost, 0);
  if (spent >= budget) throw new TrialLimitError(trials.length);
}

/** Ends a run when the budget is spent. A trial that an earlier run left comes first all the same: it is counted already. */
export function trainingBudgetRule<P extends Params>(
  study: Pick<LocalStudy<P>, 'trials' | 'abandoned'>,
  of: TrainingBudget,
): StopRule<P> {
  return {
    async check() {
      if ((await study.abandoned()).length > 0) return undefined;
      if ((await trainingSpent(study, of)) < of.budget) return undefined;
      return { name: 'budget', text: `the budget of ${of.budget} ${of.fidelity.name} is spent` };
    },
  };
}

/**
 * What all pieces may cost together, in whole units: the budget that was given, rounded down, or that of so many full trainings. Throws
 * InvalidArgumentError for a budget that does not allow a single one, and for trainings that are no whole number from 1.
 */
export function trainingBudget({
  fidelity: { name, max },
  budget,
  trainings,
}: {
  readonly fidelity: TrainingFidelity;
  readonly budget: number | undefined;
  readonly trainings: number;
}): number {
  if (budget === undefined) {
    if (!(Number.isSafeInteger(trainings) && trainings >= 1))
      throw new InvalidArgumentError('trials', trainings, 'a whole number from 1: so many full trainings');
    return trainings * max;
  }
  if (!(typeof budget === 'number' && budget >= max && budget < Infinity))
    throw new InvalidArgumentError(
      'budget',
      budget,
      `a finite number from ${max} ${name}, one full training`,
    );
  return Math.floor(budget);
}
