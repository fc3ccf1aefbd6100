/** What each call on a study appends to its log, as a function of the state: the calls themselves only commit it. */
import {
  InvalidArgumentError,
  type Outcome,
  type Params,
  type Report,
  type SearchSpace,
  type StudyEvent,
  type Trial,
  TrialStateError,
} from '@foothold/core';
import { canonical } from './canonical.ts';
import { checkedOutcome, type OutcomeNeeds } from './checked-outcome.ts';
import { refuseOutside } from './enqueued-params.ts';
import type { Leases } from './leases.ts';
import { differenceOf } from './outcome-text.ts';
import type { Pruning } from './pruners/pruning.ts';
import type { LiveState } from './replay.ts';
import type { Plan } from './study-log.ts';
import type { PastTrial } from './study-options.ts';

/** An intermediate value of a running trial, and what the pruner decides. Throws InvalidArgumentError, TrialStateError. */
export function reportPlan<P extends Params>(
  state: LiveState<P>,
  { number, ...report }: Report & { readonly number: number },
  by: { readonly leases: Leases<P>; readonly pruning: Pruning<P> | undefined },
): Plan<'continue' | 'prune'> {
  const { step } = report;
  refuseReport(report);
  const { params } = runningTrial(state, number, { leases: by.leases, to: 'reported' });
  const known = state.reportAt(number, step);
  if (known && canonical(known) !== canonical(report))
    throw new InvalidArgumentError(
      'step',
      step,
      `a step without a report; this one has ${reportText(known)}`,
    );
  const events: StudyEvent[] = known ? [] : [{ type: 'reported', number, ...report }];
  if (by.leases.isDue(state.leases.get(number)))
    events.push({ type: 'asked', number, params, lease: by.leases.fresh() });
  // Before the report is in the log, so that it hears of it.
  by.pruning?.follow(state);
  return {
    events,
    answer: () => (by.pruning?.prune(state.trials[number]!) ? 'prune' : 'continue'),
  };
}

function refuseReport({ step, value, metrics = {} }: Report): void {
  if (!Number.isSafeInteger(step) || step < 0)
    throw new InvalidArgumentError('step', step, 'a whole number from 0');
  if (typeof metrics !== 'object' || metrics === null || Array.isArray(metrics))
    throw new InvalidArgumentError('metrics', metrics, 'an object of finite numbers');
  for (const [name, figure] of [['value', value], ...Object.entries(metrics)] as const)
    if (!Number.isFinite(figure))
      throw new InvalidArgumentError(name === 'value' ? name : `metrics.${name}`, figure, 'a finite number');
}

function reportText({ value, metrics }: Report): string {
  return metrics ? canonical({ value, metrics }) : String(value);
}

/** The outcome of a trial; nothing where it has the same one. Throws InvalidArgumentError, and TrialStateError for another outcome. */
export function tellPlan<P extends Params>(
  state: LiveState<P>,
  { number, outcome }: { readonly number: number; readonly outcome: Outcome },
  leases: Leases<P>,
): Plan<void> {
  const trial = leases.writable(state, number, outcome.state);
  const answer = () => undefined;
  if (trial.state === 'running') return { events: [{ type: 'told', number, outcome }], answer };
  const own = checkedOutcome(trial, { metrics: [] });
  if (canonical(own) !== canonical(outcome)) {
    const { from, to } = differenceOf(own, outcome);
    throw new TrialStateError(number, from, to);
  }
  return { events: [], answer };
}

/** Past trials with the next numbers; answers how many. Throws OutOfSpaceError, InvalidArgumentError. */
export function loadPlan<P extends Params>(
  state: LiveState<P>,
  past: readonly PastTrial<P>[],
  { space, needs }: { readonly space: SearchSpace<P>; readonly needs: OutcomeNeeds },
): Plan<number> {
  const events = past
    .filter(({ state: of }) => of !== 'running')
    .map((trial, i): StudyEvent => {
      refuseOutside(space, trial.params);
      const outcome = { ...trial, state: trial.state ?? 'complete' } as Outcome;
      return {
        type: 'loaded',
        number: state.trials.length + i,
        params: trial.params,
        outcome: checkedOutcome(outcome, needs),
      };
    });
  return { events, answer: () => events.length };
}

/** Ends the lease of a running trial. Throws TrialStateError. */
export function releasePlan<P extends Params>(
  state: LiveState<P>,
  number: number,
  leases: Leases<P>,
): Plan<void> {
  runningTrial(state, number, { leases, to: 'released' });
  const isLeased = state.leases.has(number);
  return { events: isLeased ? [{ type: 'expired', number }] : [], answer: () => undefined };
}

/** A lease of a running trial that begins now; nothing where leases have no end. Throws TrialStateError. */
export function renewPlan<P extends Params>(
  state: LiveState<P>,
  number: number,
  leases: Leases<P>,
): Plan<void> {
  const { params } = runningTrial(state, number, { leases, to: 'renewed' });
  const isEndless = state.leases.get(number)?.until === undefined;
  return {
    events: isEndless ? [] : [{ type: 'asked', number, params, lease: leases.fresh() }],
    answer: () => undefined,
  };
}

function runningTrial<P extends Params>(
  state: LiveState<P>,
  number: number,
  { leases, to }: { readonly leases: Leases<P>; readonly to: string },
): Trial<P> {
  const trial = leases.writable(state, number, to);
  if (trial.state !== 'running') throw new TrialStateError(number, trial.state, to);
  return trial;
}
