import { type AutoTransferTuning, maxCorrelatedTasks } from '../defaults.ts';
import type { EmpiricalPrior } from '../sources/empirical-prior-of.ts';
import { correlatedTaskHypotheses } from './correlated-task-hypotheses.ts';
import type { HypothesisSet } from './hypothesis-set.ts';
import { sharedPriorHypotheses } from './shared-prior-hypotheses.ts';

/** The hypotheses about a new task: from many sources' common prior, or from each of one to three sources. */
export function hypothesesOf(prior: EmpiricalPrior, tuning: AutoTransferTuning): Promise<HypothesisSet> {
  return prior.datasets.length > maxCorrelatedTasks
    ? Promise.resolve(sharedPriorHypotheses(prior, tuning))
    : correlatedTaskHypotheses(prior, tuning);
}
