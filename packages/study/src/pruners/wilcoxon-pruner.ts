import {
  type CompleteTrial,
  InvalidArgumentError,
  minimizedValues,
  type Pruner,
  type Trial,
  violationOf,
} from '@foothold/core';
import { type Curve, curves } from './curve.ts';
import { wholeFrom } from './decision-steps.ts';
import { indexedPruner } from './indexed-pruner.ts';
import { signedRankTest } from './signed-rank-test.ts';

/** What `wilcoxonPruner` takes. */
export interface WilcoxonPrunerOptions {
  /** A trial ends when the one-sided p-value is below this, in [0, 1]. Default: 0.1. */
  readonly pThreshold?: number | undefined;
  /** Instances that both trials need before one ends, 2 at least. Default: 2. */
  readonly startupSteps?: number | undefined;
}

/**
 * A pruner for values over folds or instances: `step` is the number of the instance, in any order, and the trial's value their
 * mean. A trial ends when the signed-rank test over the instances that it shares with the best complete trial finds it
 * worse, unless its mean so far is better (Optuna's `WilcoxonPruner`). Each report is a test of its own: over many instances
 * more trials than `pThreshold` end by chance. Throws InvalidArgumentError.
 */
export function wilcoxonPruner(options: WilcoxonPrunerOptions = {}): Pruner {
  const { pThreshold = 0.1, startupSteps = 2 } = options;
  if (!(pThreshold >= 0 && pThreshold <= 1))
    throw new InvalidArgumentError('pThreshold', pThreshold, 'a number from 0 to 1');
  wholeFrom('startupSteps', startupSteps, 0);
  return indexedPruner((goal) => {
    const running = curves(goal);
    let best:
      | { readonly value: number; readonly number: number; readonly curve: Curve | undefined }
      | undefined;
    const minimizedValue = (trial: CompleteTrial) => {
      const [value = Number.NaN] = minimizedValues(goal, trial);
      return violationOf(goal, trial) > 0 ? Number.NaN : value;
    };
    return {
      reported: ({ number }, report) => {
        running.add(number, report);
      },
      ended: (trial: Trial) => {
        const curve = running.take(trial.number);
        if (trial.state !== 'complete') return;
        const { number } = trial;
        const value = minimizedValue(trial);
        const isBest = !best || value < best.value || (value === best.value && number < best.number);
        if (isBest && Number.isFinite(value)) best = { value, number, curve };
      },
      restarted: ({ number }) => {
        running.take(number);
      },
      prune: ({ number }) => {
        const [own, other] = [running.get(number), best?.curve];
        if (!own || !other) return false;
        const worse: number[] = [];
        for (const [step, value] of own.values) {
          const reference = other.values.get(step);
          if (reference !== undefined) worse.push(reference - value);
        }
        if (worse.length < Math.max(2, startupSteps)) return false;
        return signedRankTest(worse) < pThreshold && meanOf(own) < meanOf(other);
      },
    };
  });
}

function meanOf({ values }: Curve): number {
  let sum = 0;
  for (const value of values.values()) sum += value;
  return sum / values.size;
}
