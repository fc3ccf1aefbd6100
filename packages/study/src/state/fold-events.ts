/** What each event of a log changes in the state of its study. */
import {
  type Lease,
  type Outcome,
  type Params,
  StorageError,
  type StudyEvent,
  type Trial,
} from '@foothold/core';
import { addClaim, type Claim, endClaims } from '../ask/claims.ts';
import { edited } from '../edits/study-edits.ts';
import { canonical } from '../log/canonical.ts';
import type { EventOf } from '../log/event-of.ts';
import type { CountedTrials } from './counted-trials.ts';
import type { GrowingReports } from './growing-reports.ts';
import type { LiveState } from './study-state.ts';
import { reportOf } from './trial-watcher.ts';

/** What the fold of a log changes. */
export interface Fold<P extends Params> {
  readonly trials: CountedTrials<P>;
  readonly queue: Partial<P>[];
  readonly leases: Map<number, Lease>;
  readonly claims: Map<number, Claim>;
  readonly running: Set<number>;
  readonly endings: number[];
  readonly lostLeases: Map<number, number>;
  readonly outputs: Map<number, number>;
  readonly reports: GrowingReports<P>;
  readonly state: { -readonly [K in keyof LiveState<P>]: LiveState<P>[K] };
}

/** Changes the state as the event says. Throws StorageError for one that cannot follow. */
export function applyTo<P extends Params>(fold: Fold<P>, event: StudyEvent): void {
  const { trials, queue, leases, reports, state } = fold;
  switch (event.type) {
    case 'created':
      create(fold, event);
      break;
    case 'edited':
      if (!state.created) refuse(fold, event, 'there is no study to edit');
      Object.assign(state, edited(state, event));
      break;
    case 'enqueued':
      queue.push(event.params as Partial<P>);
      break;
    case 'dequeued':
      takeFrom(queue, event.params);
      break;
    case 'loaded':
      load(fold, event);
      break;
    case 'asked':
      if (event.number >= trials.count()) begin(fold, event);
      else askedAgain(fold, event);
      leases.set(event.number, event.lease);
      break;
    case 'claimed':
      addClaim(fold.claims, state.length, { owner: event.owner, count: trials.count() });
      break;
    case 'reported':
      trials.set(reports.added(runningTrial(fold, event), reportOf(event)));
      break;
    case 'told':
      end(fold, event);
      break;
    case 'expired':
      expire(fold, event);
      break;
    case 'reopened':
      reopen(fold, event);
      break;
    case 'deleted':
      deleteTrial(fold, event);
      break;
    case 'restored':
      restoreTrial(fold, event);
      break;
    case 'printed':
      printed(fold, event);
      break;
    case 'described':
      state.facts = event.facts;
      break;
    case 'noted':
      noted(fold, event);
      break;
    case 'configured':
      state.configured = event;
      break;
  }
}

function create<P extends Params>(fold: Fold<P>, event: EventOf<'created'>): void {
  const { state } = fold;
  if (state.length > 0) refuse(fold, event, 'the study exists');
  state.created = event;
  state.goal = event.goal;
  if (event.space) state.space = event.space;
}

function load<P extends Params>(fold: Fold<P>, event: EventOf<'loaded'>): void {
  refuseNumber(fold, event);
  const { number, params, outcome, samplerState } = event;
  const state = samplerState && { samplerState };
  fold.trials.add({ number, params: params as P, reports: [], ...state, loaded: true, ...outcome });
  fold.endings.push(number);
  fold.state.loaded++;
}

function begin<P extends Params>(fold: Fold<P>, event: EventOf<'asked'>): void {
  refuseNumber(fold, event);
  const { number, why } = event;
  // Older logs have one record for both.
  const samplerState = event.samplerState ?? (fold.state.created?.format === undefined ? why : undefined);
  fold.trials.add({
    number,
    params: event.params as P,
    reports: [],
    ...(why ? { why } : {}),
    ...(samplerState ? { samplerState } : {}),
    ...(event.at !== undefined && { startedAt: event.at }),
    state: 'running',
  });
  fold.running.add(number);
  const { claims, running, trials } = fold;
  endClaims({ claims, running, count: trials.count() }, event.claim);
  if (event.queued) takeFrom(fold.queue, event.given ?? event.params);
}

function end<P extends Params>(fold: Fold<P>, event: EventOf<'told'>): void {
  const { number, at, outcome } = event;
  const finished = at === undefined ? {} : { finishedAt: at };
  const deleted = fold.trials.deleted.get(number);
  if (deleted && !deleted.outcome) {
    fold.trials.setDeleted({ ...deleted, ...finished, outcome });
    return;
  }
  fold.trials.set({ ...runningTrial(fold, event), ...finished, ...outcome });
  fold.endings.push(number);
  fold.reports.clear(number);
  fold.running.delete(number);
  fold.lostLeases.delete(number);
  fold.leases.delete(number);
}

function expire<P extends Params>(fold: Fold<P>, event: EventOf<'expired'>): void {
  const { number, lost } = event;
  fold.trials.set({ ...runningTrial(fold, event), reports: [] });
  fold.reports.clear(number);
  fold.leases.delete(number);
  if (lost) fold.lostLeases.set(number, (fold.lostLeases.get(number) ?? 0) + 1);
}

/** Given out again, or the same owner's lease renewed. */
function askedAgain<P extends Params>(fold: Fold<P>, event: EventOf<'asked'>): void {
  const trial = runningTrial(fold, event);
  if (event.at === undefined || fold.leases.has(event.number)) return;
  fold.trials.set({ ...trial, startedAt: event.at });
}

/** Keeps where the newest output of a trial is. */
function printed<P extends Params>(fold: Fold<P>, event: EventOf<'printed'>): void {
  const { number } = event;
  if (number >= fold.trials.count()) refuse(fold, event, `there is no trial ${number}`);
  fold.outputs.set(number, fold.state.length);
}

/** The study's, or a trial's, attributes and note. */
function noted<P extends Params>(fold: Fold<P>, event: EventOf<'noted'>): void {
  const { trials, state } = fold;
  const { number, attributes, note } = event;
  const deleted = number === undefined ? undefined : trials.deleted.get(number);
  const of = number === undefined ? state : (deleted ?? trials.at(number));
  if (!of) refuse(fold, event, `there is no trial ${number}`);
  const changed = {
    ...(attributes && { attributes: { ...of.attributes, ...attributes } }),
    ...(note !== undefined && { note }),
  };
  if (number === undefined) Object.assign(state, changed);
  else if (deleted) trials.setDeleted({ ...deleted, ...changed });
  else trials.set({ ...trials.at(number)!, ...changed });
}

/** Takes the trial out of everything that counts. One that runs loses its worker. */
function deleteTrial<P extends Params>(fold: Fold<P>, event: EventOf<'deleted'>): void {
  const { number } = event;
  const trial =
    fold.trials.at(number) ?? refuse(fold, event, `there is no trial ${number} that is not deleted`);
  const { about, outcome } = partsOf(trial);
  fold.state.deletions++;
  fold.trials.delete({ ...about, state: 'deleted', ...(outcome && { outcome }) });
  if (outcome) fold.endings.push(number);
  if (trial.loaded) fold.state.loaded--;
  fold.reports.clear(number);
  fold.running.delete(number);
  fold.lostLeases.delete(number);
  fold.leases.delete(number);
}

/** The outcome of a trial, absent where it runs, and the rest of it. */
function partsOf<P extends Params>(trial: Trial<P>) {
  const { number, params, reports, why, samplerState, loaded, startedAt, finishedAt, ...others } = trial;
  const { attributes, note, outside: _, ...outcome } = others;
  const about = {
    ...{ number, params, reports },
    ...(why && { why }),
    ...(samplerState && { samplerState }),
    ...(loaded && { loaded }),
    ...(startedAt !== undefined && { startedAt }),
    ...(finishedAt !== undefined && { finishedAt }),
    ...(attributes && { attributes }),
    ...(note !== undefined && { note }),
  };
  return { about, outcome: outcome.state === 'running' ? undefined : (outcome as Outcome) };
}

/** The trial is what it was; one without an outcome runs as an expired one. */
function restoreTrial<P extends Params>(fold: Fold<P>, event: EventOf<'restored'>): void {
  const { number } = event;
  const deleted = fold.trials.deleted.get(number) ?? refuse(fold, event, `trial ${number} is not deleted`);
  const { outcome, state: _, ...about } = deleted;
  fold.state.deletions++;
  if (outcome) {
    fold.trials.restore({ ...about, ...outcome });
    fold.endings.push(number);
  } else {
    fold.trials.restore({ ...about, reports: [], state: 'running' });
    fold.running.add(number);
  }
  if (about.loaded) fold.state.loaded++;
}

function reopen<P extends Params>(fold: Fold<P>, event: EventOf<'reopened'>): void {
  const trial = fold.trials.at(event.number);
  const { number, params, why, samplerState, attributes, note } =
    trial?.state === 'failed' ? trial : refuse(fold, event, `trial ${event.number} has not failed`);
  fold.trials.set({
    number,
    params,
    reports: [],
    ...(why && { why }),
    ...(samplerState && { samplerState }),
    ...(attributes && { attributes }),
    ...(note !== undefined && { note }),
    state: 'running',
  });
  fold.running.add(number);
}

export function refuse<P extends Params>({ state }: Fold<P>, event: StudyEvent, why: string): never {
  throw new StorageError(`event ${state.length} of the log (${event?.type}): ${why}`);
}

function refuseNumber<P extends Params>(
  fold: Fold<P>,
  event: StudyEvent & { readonly number: number },
): void {
  const next = fold.trials.count();
  if (event.number !== next) refuse(fold, event, `the next number is ${next}`);
}

function runningTrial<P extends Params>(
  fold: Fold<P>,
  event: StudyEvent & { readonly number: number },
): Extract<Trial<P>, { readonly state: 'running' }> {
  const trial = fold.trials.at(event.number);
  return trial?.state === 'running' ? trial : refuse(fold, event, `trial ${event.number} is not running`);
}

function takeFrom(queue: object[], params: Params): void {
  if (queue.length === 0) return;
  const text = canonical(params);
  const at = queue.findIndex((waiting) => canonical(waiting) === text);
  if (at >= 0) queue.splice(at, 1);
}
