/** Reports of one trial that are there at the same time: they are appended together, and answered as if each had come alone. */
import {
  InvalidArgumentError,
  type Params,
  type Report,
  type ReportAnswer,
  type StudyEvent,
  type Trial,
} from '@foothold/core';
import type { Leases } from '../leases/leases.ts';
import type { Plan } from '../log/log-calls.ts';
import type { Pruning } from '../pruners/pruning.ts';
import type { LiveState } from '../state/study-state.ts';
import { runningPiece } from '../training/training-pieces.ts';
import { isNewReport, refuseReport, refuseStepOutside, renewIfDue, runningTrial } from './study-plans.ts';

interface Reports {
  readonly number: number;
  readonly reports: readonly Report[];
}

interface By<P extends Params> {
  readonly leases: Leases<P>;
  readonly pruning: Pruning<P> | undefined;
}

/** How many of the reports the pruner would see in turn, up to the one after which it ends the trial. Throws TrialStateError. */
export function reportsBeforeEnd<P extends Params>(
  state: LiveState<P>,
  { number, reports }: Reports,
  by: By<P>,
): number {
  if (!by.pruning || state.deleted.has(number)) return reports.length;
  const trial = runningTrial(state, number, { leases: by.leases, to: 'reported' });
  const each = checkedReports(state, trial, reports);
  by.pruning.follow(state);
  const ended = by.pruning.firstToPrune(
    trial,
    reports.map((report, i) => (typeof each[i] === 'boolean' ? { report, isNew: each[i] } : undefined)),
  );
  return ended < 0 ? reports.length : ended + 1;
}

/** The first `count` reports; of fewer than all the last one ends the trial. Throws TrialStateError. */
export function reportsPlan<P extends Params>(
  state: LiveState<P>,
  { number, reports, count }: Reports & { readonly count: number },
  by: By<P>,
): Plan<readonly ReportAnswer[]> {
  if (state.deleted.has(number)) return { events: [], answer: () => reports.map(() => 'prune') };
  const trial = runningTrial(state, number, { leases: by.leases, to: 'reported' });
  const each = checkedReports(state, trial, reports.slice(0, count));
  const events: StudyEvent[] = each.flatMap((isNew, i) =>
    isNew === true ? [{ type: 'reported' as const, number, ...reports[i]! }] : [],
  );
  renewIfDue(state, trial, { leases: by.leases, events });
  const answer = () => {
    by.pruning?.follow(state);
    const isEnd = count < reports.length || by.pruning?.prune(state.trial(number)!);
    const last = each.findLastIndex((isNew) => typeof isNew === 'boolean');
    return reports.map((_, i) => {
      const isNew = each[i];
      if (isNew instanceof InvalidArgumentError) return isNew;
      return isNew === undefined || (isEnd && i === last) ? 'prune' : 'continue';
    });
  };
  return { events, answer };
}

/** For each whether it is new, or why it is refused; those before it are there. */
function checkedReports<P extends Params>(
  state: LiveState<P>,
  trial: Trial<P>,
  reports: readonly Report[],
): readonly (boolean | InvalidArgumentError)[] {
  const piece = runningPiece(state, trial);
  const earlier = new Map<number, Report>();
  return reports.map((report) => {
    const { step } = report;
    try {
      refuseReport(report);
      refuseStepOutside(step, piece);
      const isNew = isNewReport(report, earlier.get(step) ?? state.reportAt(trial.number, step));
      if (isNew) earlier.set(step, report);
      return isNew;
    } catch (error) {
      if (error instanceof InvalidArgumentError) return error;
      throw error;
    }
  });
}
