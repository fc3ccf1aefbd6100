import { InvalidArgumentError, type Pruner } from '@foothold/core';
import { type Curve, curves } from './curve.ts';
import { wholeFrom } from './decision-steps.ts';
import { indexedPruner, indexOf } from './indexed-pruner.ts';

/** What `patientPruner` takes beside the pruner that it holds back. */
export interface PatientPrunerOptions {
  /** Reports without an improvement, beyond the first of them, for which no trial ends. */
  readonly patience: number;
  /** How much better than all before a value has to be to count as an improvement, in units of the value. Default: 0. */
  readonly minDelta?: number | undefined;
}

/**
 * A pruner that ends a trial only while it does not improve: when the best of its last `patience` + 1 reports is worse than the
 * best before them by more than `minDelta`, and the other pruner says so; without another one at once (Optuna's
 * `PatientPruner`). Throws InvalidArgumentError.
 */
export function patientPruner(pruner: Pruner | undefined, options: PatientPrunerOptions): Pruner {
  const { patience, minDelta = 0 } = options;
  wholeFrom('patience', patience, 0);
  if (!(minDelta >= 0)) throw new InvalidArgumentError('minDelta', minDelta, 'a number from 0');
  return indexedPruner((goal) => {
    const inner = pruner && indexOf(pruner, goal);
    const running = curves(goal);
    const records = new Map<number, InOrder>();
    const forget = (number: number) => {
      running.take(number);
      records.delete(number);
    };
    return {
      reported: (trial, report) => {
        const curve = running.add(trial.number, report);
        records.set(trial.number, inOrder(records.get(trial.number), curve, report.step));
        inner?.reported(trial, report);
      },
      ended: (trial) => {
        forget(trial.number);
        inner?.ended(trial);
      },
      restarted: (trial) => {
        forget(trial.number);
        inner?.restarted(trial);
      },
      prune: (trial) => {
        const record = records.get(trial.number);
        if (!record || record.values.length <= patience + 1) return false;
        const before = record.values.length - patience - 1;
        const latest = record.values.slice(before).reduce((a, b) => Math.max(a, b));
        if (!(record.bests[before - 1]! - minDelta > latest)) return false;
        return inner ? inner.prune(trial) : true;
      },
    };
  });
}

/** Values in the order of their steps, and the best up to each. */
interface InOrder {
  readonly values: number[];
  readonly bests: number[];
}

function inOrder(record: InOrder | undefined, curve: Curve, step: number): InOrder {
  if (record?.values.length === curve.values.size) return record;
  if (record && step === curve.last) {
    const value = curve.values.get(step)!;
    record.values.push(value);
    record.bests.push(Math.max(record.bests.at(-1)!, value));
    return record;
  }
  const values = [...curve.values].sort(([a], [b]) => a - b).map(([, value]) => value);
  let best = -Infinity;
  const bests = values.map((value) => {
    best = Math.max(best, value);
    return best;
  });
  return { values, bests };
}
