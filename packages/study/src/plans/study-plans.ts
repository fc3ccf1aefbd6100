/** What each call on a study appends to its log, as a function of the state: the calls themselves only commit it. */
import {
  type DeletedTrial,
  InvalidArgumentError,
  type Outcome,
  type Params,
  type Report,
  type StudyEvent,
  type TrainingPiece,
  type Trial,
  TrialStateError,
} from '@foothold/core';
import type { Leases } from '../leases/leases.ts';
import { canonical } from '../log/canonical.ts';
import type { Plan } from '../log/log-calls.ts';
import type { Pruning } from '../pruners/pruning.ts';
import type { LiveState } from '../state/study-state.ts';
import type { RenewOptions } from '../study-options.ts';
import { runningPiece } from '../training/training-pieces.ts';
import type { CheckedNotes } from './checked-notes.ts';
import { checkedOutcome, refuseMetrics } from './checked-outcome.ts';
import { differenceOf } from './outcome-text.ts';

/** An intermediate value of a running trial, and what the pruner decides. Throws InvalidArgumentError, TrialStateError. */
export function reportPlan<P extends Params>(
  state: LiveState<P>,
  { number, ...report }: Report & { readonly number: number },
  by: { readonly leases: Leases<P>; readonly pruning: Pruning<P> | undefined },
): Plan<'continue' | 'prune'> {
  refuseReport(report);
  if (state.deleted.has(number)) return { events: [], answer: () => 'prune' };
  const trial = runningTrial(state, number, { leases: by.leases, to: 'reported' });
  refuseStepOutside(report.step, runningPiece(state, trial));
  const isNew = isNewReport(report, state.reportAt(number, report.step));
  const events: StudyEvent[] = isNew ? [{ type: 'reported', number, ...report }] : [];
  renewIfDue(state, trial, { leases: by.leases, events });
  const answer = () => {
    // Not before: what a plan sees is not all in the log yet.
    by.pruning?.follow(state);
    return by.pruning?.prune(state.trial(number)!) ? 'prune' : 'continue';
  };
  return { events, answer };
}

/** A lease that is due is renewed with what is written of its trial. */
export function renewIfDue<P extends Params>(
  state: LiveState<P>,
  { number, params }: Trial<P>,
  { leases, events }: { readonly leases: Leases<P>; readonly events: StudyEvent[] },
): void {
  if (leases.isDue(state.leases.get(number)))
    events.push({ type: 'asked', number, params, lease: leases.fresh() });
}

/** False for a report that is there. Throws InvalidArgumentError where another one of its step is. */
export function isNewReport(report: Report, known: Report | undefined): boolean {
  if (!known) return true;
  if (canonical(known) === canonical(report)) return false;
  throw new InvalidArgumentError(
    'step',
    report.step,
    `a step without a report; this one has ${reportText(known)}`,
  );
}

export function refuseReport({ step, value, metrics }: Report): void {
  if (!Number.isSafeInteger(step) || step < 0)
    throw new InvalidArgumentError('step', step, 'a whole number from 0');
  if (!Number.isFinite(value)) throw new InvalidArgumentError('value', value, 'a finite number');
  if (metrics !== undefined) refuseMetrics(metrics);
}

/** Throws InvalidArgumentError for a step that a piece of training does not have. */
export function refuseStepOutside(step: number, piece: TrainingPiece | undefined): void {
  if (!piece || (step > piece.from && step <= piece.to)) return;
  throw new InvalidArgumentError(
    'step',
    step,
    `a step from ${piece.from + 1} to ${piece.to}: this trial trains configuration ${piece.configuration} from ${piece.from} to ${piece.to}`,
  );
}

function reportText({ value, metrics }: Report): string {
  return metrics ? canonical({ value, metrics }) : String(value);
}

/** An outcome with what is written about its trial. */
interface Told {
  readonly number: number;
  readonly outcome: Outcome;
  readonly notes?: CheckedNotes | undefined;
}

/** The outcome of a trial; nothing where it has the same one. Throws InvalidArgumentError, and TrialStateError for another outcome. */
export function tellPlan<P extends Params>(state: LiveState<P>, told: Told, leases: Leases<P>): Plan<void> {
  const { number, outcome } = told;
  const deleted = state.deleted.get(number);
  if (deleted) return deletedTellPlan(state, told, { deleted, leases });
  if (leases.late === 'keep' && leases.isLate(state, number)) return latePlan(state, told);
  const trial = leases.writable(state, number, outcome.state);
  const noted = notedEvents(state, number, told.notes);
  const answer = () => leases.told(number);
  if (trial.state === 'running') return { events: [...noted, { type: 'told', number, outcome }], answer };
  refuseOther(trial, outcome);
  return { events: noted, answer: () => undefined };
}

/** The outcome of a trial that was deleted while it ran: it is kept with the trial, which stays deleted. */
function deletedTellPlan<P extends Params>(
  state: LiveState<P>,
  { number, outcome, notes }: Told,
  { deleted, leases }: { readonly deleted: DeletedTrial<P>; readonly leases: Leases<P> },
): Plan<void> {
  const noted = notedEvents(state, number, notes);
  if (deleted.outcome) {
    refuseOther({ number, ...deleted.outcome }, outcome);
    return { events: noted, answer: () => undefined };
  }
  return { events: [...noted, { type: 'told', number, outcome }], answer: () => leases.told(number) };
}

/** The trial of this number, deleted or not. */
function anyTrial<P extends Params>(
  state: LiveState<P>,
  number: number,
): Trial<P> | DeletedTrial<P> | undefined {
  return state.trial(number) ?? state.deleted.get(number);
}

/** Takes a trial out of everything that counts, once. Throws TrialStateError for a trial that there is not. */
export function deletePlan<P extends Params>(state: LiveState<P>, number: number): Plan<void> {
  refuseUnknown(state, number, 'deleted');
  return { events: state.trial(number) ? [{ type: 'deleted', number }] : [], answer: () => undefined };
}

/** Puts a deleted trial back. Throws TrialStateError for a trial that there is not. */
export function restorePlan<P extends Params>(state: LiveState<P>, number: number): Plan<void> {
  refuseUnknown(state, number, 'restored');
  const isDeleted = state.deleted.has(number);
  return { events: isDeleted ? [{ type: 'restored', number }] : [], answer: () => undefined };
}

function refuseUnknown<P extends Params>(state: LiveState<P>, number: number, to: string): void {
  if (!anyTrial(state, number)) throw new TrialStateError(number, 'unknown', to);
}

/** Throws TrialStateError unless the trial, which has ended, has this outcome. */
function refuseOther(trial: EndedTrial, outcome: Outcome): void {
  if (hasOutcome(trial, outcome)) return;
  const { from, to } = differenceOf(checkedOutcome(trial as Outcome, { metrics: [] }), outcome);
  throw new TrialStateError(trial.number, from, to);
}

type EndedTrial = Pick<Trial, 'number'> & (Outcome | { readonly state: 'running' });

function hasOutcome(trial: EndedTrial, outcome: Outcome): boolean {
  return (
    trial.state !== 'running' && canonical(checkedOutcome(trial, { metrics: [] })) === canonical(outcome)
  );
}

/** The outcome of a trial that another worker has, or had, since: kept as a loaded trial, once. */
function latePlan<P extends Params>(state: LiveState<P>, { number, outcome, notes }: Told): Plan<void> {
  const { params } = anyTrial(state, number)!;
  const isKept = state.trials.some(
    (trial) =>
      (trial.number === number || trial.attributes?.['lateFor'] === number) && hasOutcome(trial, outcome),
  );
  const next = state.count;
  const attributes = { ...notes?.attributes, lateFor: number };
  const events: StudyEvent[] = [
    { type: 'loaded', number: next, params, outcome },
    { type: 'noted', number: next, ...notes, attributes },
  ];
  return { events: isKept ? [] : events, answer: () => undefined };
}

/** Attributes, a note and the output of a trial, or of the study without `number`; nothing that it has already. Throws TrialStateError for a trial that there is not. */
export function notePlan<P extends Params>(
  state: LiveState<P>,
  number: number | undefined,
  {
    notes,
    output,
  }: { readonly notes: CheckedNotes | undefined; readonly output?: readonly string[] | undefined },
): Plan<void> {
  if (number !== undefined) refuseUnknown(state, number, 'noted');
  const known = number === undefined ? undefined : state.outputLines(number);
  const isKnown = known !== undefined && canonical(known) === canonical(output);
  const printed: StudyEvent[] =
    output && number !== undefined && !isKnown ? [{ type: 'printed', number, lines: output }] : [];
  return { events: [...notedEvents(state, number, notes), ...printed], answer: () => undefined };
}

/** The event of these notes: none where the trial, or the study, has them already. */
export function notedEvents<P extends Params>(
  state: LiveState<P>,
  number: number | undefined,
  notes: CheckedNotes | undefined,
): readonly StudyEvent[] {
  const of = number === undefined ? state : anyTrial(state, number);
  const known = of?.attributes ?? {};
  const attributes = Object.entries(notes?.attributes ?? {}).filter(
    ([name, value]) => !Object.hasOwn(known, name) || canonical(known[name]) !== canonical(value),
  );
  const isKnown = attributes.length === 0 && (notes?.note === undefined || notes.note === of?.note);
  if (!notes || isKnown) return [];
  return [{ type: 'noted', ...(number !== undefined && { number }), ...notes }];
}

/** Ends the lease of a running trial. Throws TrialStateError. */
export function releasePlan<P extends Params>(
  state: LiveState<P>,
  number: number,
  leases: Leases<P>,
): Plan<void> {
  leases.writable(state, number, 'released');
  return { events: releaseEvents(state, number), answer: () => undefined };
}

/** The end of the lease of a running trial, whoever has it. Throws TrialStateError. */
export function releaseEvents<P extends Params>(state: LiveState<P>, number: number): readonly StudyEvent[] {
  const { state: now } = anyTrial(state, number) ?? { state: 'unknown' };
  if (now !== 'running') throw new TrialStateError(number, now, 'released');
  return state.leases.has(number) ? [{ type: 'expired', number }] : [];
}

/**
 * A lease of a running trial that begins now; nothing where leases have no end. Throws TrialStateError, also where neither `from` has it nor
 * this owner by a call of this `key`.
 */
export function renewPlan<P extends Params>(
  state: LiveState<P>,
  number: number,
  { leases, from, key }: { readonly leases: Leases<P> } & RenewOptions,
): Plan<void> {
  const { params } = runningTrial(state, number, { leases, to: 'renewed' });
  const now = state.leases.get(number);
  const isAgain = key !== undefined && now?.owner === leases.owner && now.key === key;
  if (from !== undefined && now?.owner !== from && !isAgain)
    throw new TrialStateError(number, `held by ${now?.owner ?? 'nobody'}`, `renewed from ${from}`);
  const isEndless = now?.until === undefined;
  const lease = { ...leases.fresh(), ...(key !== undefined && { key }) };
  return {
    events: isEndless ? [] : [{ type: 'asked', number, params, lease }],
    answer: () => undefined,
  };
}

export function runningTrial<P extends Params>(
  state: LiveState<P>,
  number: number,
  { leases, to }: { readonly leases: Leases<P>; readonly to: string },
): Trial<P> {
  const trial = leases.writable(state, number, to);
  if (trial.state !== 'running') throw new TrialStateError(number, trial.state, to);
  return trial;
}
