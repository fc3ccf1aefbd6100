import { type Goal, objectivesOf, type Pruner, type Report } from '@foothold/core';
import { type Curve, curves } from './curve.ts';
import { type DecisionSteps, decisionSteps, wholeFrom } from './decision-steps.ts';
import { type Fronts, paretoFronts } from './fronts.ts';
import { indexedPruner } from './indexed-pruner.ts';

/** What `dominancePruner` takes. */
export interface DominancePrunerOptions extends DecisionSteps {
  /** Fronts of complete trials at a step that a trial may be behind the first of: 1 asks that none dominates it. Default: 3. */
  readonly fronts?: number | undefined;
  /** Complete trials before any trial ends. Default: 5. */
  readonly startupTrials?: number | undefined;
  /** Complete trials with all figures at the step that are needed for a decision. Default: 1. */
  readonly minTrials?: number | undefined;
}

/**
 * A pruner for several objectives: a trial ends when its last report is dominated by one of the last of `fronts` Pareto fronts that
 * the complete trials' reports of the same step make (non-dominated sorting, Deb et al. 2002, "NSGA-II", §III.A). A report
 * has the objectives other than 'value' in its `metrics`; one that lacks a figure ends no trial. Outcome constraints are not
 * looked at. Throws InvalidArgumentError.
 */
export function dominancePruner(options: DominancePrunerOptions = {}): Pruner {
  const { fronts = 3, startupTrials = 5, minTrials = 1 } = options;
  wholeFrom('fronts', fronts, 1);
  wholeFrom('startupTrials', startupTrials, 0);
  wholeFrom('minTrials', minTrials, 1);
  const isDue = decisionSteps(options);
  return indexedPruner((goal) => {
    const running = curves(goal);
    const figures = new Map<number, Map<number, Float64Array>>();
    const complete = new Map<number, Fronts>();
    let count = 0;
    const forget = (number: number): Curve | undefined => {
      figures.delete(number);
      return running.take(number);
    };
    return {
      reported: ({ number }, report) => {
        running.add(number, report);
        const own = figures.get(number) ?? new Map<number, Float64Array>();
        figures.set(number, own);
        const values = minimizedFigures(goal, report);
        if (values && !own.has(report.step)) own.set(report.step, values);
      },
      ended: ({ number, state }) => {
        const own = figures.get(number);
        forget(number);
        if (state !== 'complete') return;
        count++;
        for (const [step, values] of own ?? []) {
          const at = complete.get(step) ?? paretoFronts(fronts);
          complete.set(step, at);
          at.add(values);
        }
      },
      restarted: ({ number }) => {
        forget(number);
      },
      prune: ({ number }) => {
        const curve = running.get(number);
        if (!curve || count < Math.max(startupTrials, 1) || !isDue(curve)) return false;
        const values = figures.get(number)?.get(curve.last);
        const at = complete.get(curve.last);
        return values !== undefined && at !== undefined && at.size >= minTrials && at.isBehind(values);
      },
    };
  });
}

/** The objectives of a report, all to be minimized; undefined where one is missing. */
function minimizedFigures(goal: Goal, { value, metrics = {} }: Report): Float64Array | undefined {
  const values = objectivesOf(goal).map(({ metric, direction }) => {
    const figure =
      metric === 'value' ? value : Object.hasOwn(metrics, metric) ? metrics[metric]! : Number.NaN;
    return direction === 'minimize' ? figure : -figure;
  });
  return values.every(Number.isFinite) ? Float64Array.from(values) : undefined;
}
