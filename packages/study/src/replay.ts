import {
  type Attributes,
  type Json,
  type Lease,
  type Params,
  type PruningIndex,
  type Report,
  StorageError,
  type StudyEvent,
  type Trial,
} from '@foothold/core';
import { canonical } from './canonical.ts';
import { addClaim, type Claim, type Claims, endClaims } from './claims.ts';
import { eventFault } from './event-fault.ts';
import { type GrowingReports, growingReports } from './growing-reports.ts';
import { type EditableState, edited } from './study-edits.ts';

/** What a log says: the study's state is this fold and nothing else. */
export interface StudyState<P extends Params = Params> extends EditableState {
  /** The first event; absent while the log is empty. */
  readonly created?: Extract<StudyEvent, { readonly type: 'created' }>;
  /** By number. A trial whose lease expired is still running: the next ask gives it out again. */
  readonly trials: readonly Trial<P>[];
  /** Parameters that wait to be asked before the sampler is: all of a trial, or some. */
  readonly queue: readonly Partial<P>[];
  /** Who works on the running trials. */
  readonly leases: ReadonlyMap<number, Lease>;
  /** Workers that are choosing a trial. */
  readonly claims: Claims;
  /** How often the worker of a running trial was silent or ended, so that it was asked again; absent for none. */
  readonly lostLeases: ReadonlyMap<number, number>;
  /** The attributes and the note of the study itself. */
  readonly attributes?: Attributes;
  readonly note?: string;
  /** What makes the suggestions, as the last `configured` says; absent before the first. */
  readonly configured?: Pick<EventOf<'configured'>, 'sampler' | 'program'>;
  /** How trials are evaluated, as the last `described` says; absent before the first. */
  readonly facts?: { readonly [key: string]: Json };
  /** Number of events. */
  readonly length: number;
}

/** The state of a fold that goes on: `trials`, `queue` and the others change with each event. */
export interface LiveState<P extends Params = Params> extends StudyState<P> {
  /** How many of the trials were loaded. */
  readonly loaded: number;
  /** Numbers of the running trials, in order. */
  readonly running: ReadonlySet<number>;
  /** What a running trial has reported at this step. */
  reportAt(number: number, step: number): Report | undefined;
  /** The watcher hears of every change of a trial from now on. */
  watch(watcher: TrialWatcher): void;
}

/** Hears of the changes of trials in the order of the log. */
export type TrialWatcher = Pick<PruningIndex, 'reported' | 'ended' | 'restarted'>;

/** The state after these events. Throws StorageError for a log that no study can have written. */
export function replay<P extends Params = Params>(events: readonly StudyEvent[]): StudyState<P> {
  const fold = logFold<P>();
  for (const event of events) fold.apply(event);
  const { running: _, reportAt: __, loaded: ___, watch: ____, ...state } = fold.state;
  return state;
}

/** What the fold changes. */
interface Fold<P extends Params> {
  readonly trials: Trial<P>[];
  readonly queue: Partial<P>[];
  readonly leases: Map<number, Lease>;
  readonly claims: Map<number, Claim>;
  readonly running: Set<number>;
  readonly lostLeases: Map<number, number>;
  readonly reports: GrowingReports<P>;
  readonly state: { -readonly [K in keyof LiveState<P>]: LiveState<P>[K] };
}

/** A fold that goes on with each event. */
export interface LogFold<P extends Params> {
  readonly state: LiveState<P>;
  apply(event: StudyEvent): void;
}

/** The fold, one event at a time, from the first on or from a state that a snapshot has. No event costs more in a longer log. */
export function logFold<P extends Params>(saved: Partial<LiveState<P>> = {}): LogFold<P> {
  const parts = {
    trials: [] as Trial<P>[],
    queue: [] as Partial<P>[],
    leases: new Map<number, Lease>(),
    claims: new Map<number, Claim>(),
    running: new Set<number>(),
    lostLeases: new Map<number, number>(),
    ...(saved as object),
  };
  const reports = growingReports<P>();
  const watchers = new Set<TrialWatcher>();
  for (const number of parts.running) reports.resume(parts.trials[number]!);
  const watch = (watcher: TrialWatcher) => void watchers.add(watcher);
  const state = { ...parts, reportAt: reports.reportAt, watch, loaded: 0, length: 0, ...saved };
  const fold: Fold<P> = { ...parts, reports, state };
  const apply = (event: StudyEvent): void => {
    const fault = eventFault(event);
    if (fault !== undefined) refuse(fold, event, fault);
    applyTo(fold, event);
    for (const watcher of watchers) tellWatcher(watcher, fold.trials, event);
    state.length++;
  };
  return { state, apply };
}

function applyTo<P extends Params>(fold: Fold<P>, event: StudyEvent): void {
  const { trials, queue, leases, reports, state } = fold;
  switch (event.type) {
    case 'created':
      if (state.length > 0) refuse(fold, event, 'the study exists');
      state.created = event;
      state.goal = event.goal;
      if (event.space) state.space = event.space;
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
      if (event.number >= trials.length) begin(fold, event);
      else askedAgain(fold, event);
      leases.set(event.number, event.lease);
      break;
    case 'claimed':
      addClaim(fold.claims, state.length, { owner: event.owner, count: trials.length });
      break;
    case 'reported': {
      const { number } = event;
      trials[number] = reports.added(runningTrial(fold, event), reportOf(event));
      break;
    }
    case 'told':
      end(fold, event);
      break;
    case 'expired':
      expire(fold, event);
      break;
    case 'reopened':
      reopen(fold, event);
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

function reportOf({ step, value, metrics }: EventOf<'reported'>): Report {
  return { step, value, ...(metrics && { metrics }) };
}

function tellWatcher(watcher: TrialWatcher, trials: readonly Trial[], event: StudyEvent): void {
  switch (event.type) {
    case 'reported':
      watcher.reported(trials[event.number]!, reportOf(event));
      break;
    case 'told':
    case 'loaded':
      watcher.ended(trials[event.number]!);
      break;
    case 'expired':
    case 'reopened':
      watcher.restarted(trials[event.number]!);
      break;
  }
}

function load<P extends Params>(fold: Fold<P>, event: EventOf<'loaded'>): void {
  refuseNumber(fold, event);
  const { number, params, outcome } = event;
  fold.trials.push({ number, params: params as P, reports: [], loaded: true, ...outcome });
  fold.state.loaded++;
}

function begin<P extends Params>(fold: Fold<P>, event: EventOf<'asked'>): void {
  refuseNumber(fold, event);
  const { number, why } = event;
  // Older logs have one record for both.
  const samplerState = event.samplerState ?? (fold.state.created?.format === undefined ? why : undefined);
  fold.trials.push({
    number,
    params: event.params as P,
    reports: [],
    ...(why ? { why } : {}),
    ...(samplerState ? { samplerState } : {}),
    ...(event.at !== undefined && { startedAt: event.at }),
    state: 'running',
  });
  fold.running.add(number);
  endClaims(fold, event.claim);
  if (event.queued) takeFrom(fold.queue, event.given ?? event.params);
}

function end<P extends Params>(fold: Fold<P>, event: EventOf<'told'>): void {
  const { number, at, outcome } = event;
  const finished = at === undefined ? {} : { finishedAt: at };
  fold.trials[number] = { ...runningTrial(fold, event), ...finished, ...outcome };
  fold.reports.clear(number);
  fold.running.delete(number);
  fold.lostLeases.delete(number);
  fold.leases.delete(number);
}

function expire<P extends Params>(fold: Fold<P>, event: EventOf<'expired'>): void {
  const { number, lost } = event;
  fold.trials[number] = { ...runningTrial(fold, event), reports: [] };
  fold.reports.clear(number);
  fold.leases.delete(number);
  if (lost) fold.lostLeases.set(number, (fold.lostLeases.get(number) ?? 0) + 1);
}

/** Given out again, or the same owner's lease renewed. */
function askedAgain<P extends Params>(fold: Fold<P>, event: EventOf<'asked'>): void {
  const trial = runningTrial(fold, event);
  if (event.at === undefined || fold.leases.has(event.number)) return;
  fold.trials[event.number] = { ...trial, startedAt: event.at };
}

/** The study's, or a trial's, attributes and note. */
function noted<P extends Params>(fold: Fold<P>, event: EventOf<'noted'>): void {
  const { trials, state } = fold;
  const { number, attributes, note } = event;
  const of = number === undefined ? state : trials[number];
  if (!of) refuse(fold, event, `there is no trial ${number}`);
  const changed = {
    ...(attributes && { attributes: { ...of.attributes, ...attributes } }),
    ...(note !== undefined && { note }),
  };
  if (number === undefined) Object.assign(state, changed);
  else trials[number] = { ...trials[number]!, ...changed };
}

function reopen<P extends Params>(fold: Fold<P>, event: EventOf<'reopened'>): void {
  const trial = fold.trials[event.number];
  const { number, params, why, samplerState, attributes, note } =
    trial?.state === 'failed' ? trial : refuse(fold, event, `trial ${event.number} has not failed`);
  fold.trials[number] = {
    number,
    params,
    reports: [],
    ...(why && { why }),
    ...(samplerState && { samplerState }),
    ...(attributes && { attributes }),
    ...(note !== undefined && { note }),
    state: 'running',
  };
  fold.running.add(number);
}

type EventOf<T extends StudyEvent['type']> = Extract<StudyEvent, { readonly type: T }>;

function refuse<P extends Params>({ state }: Fold<P>, event: StudyEvent, why: string): never {
  throw new StorageError(`event ${state.length} of the log (${event?.type}): ${why}`);
}

function refuseNumber<P extends Params>(
  fold: Fold<P>,
  event: StudyEvent & { readonly number: number },
): void {
  const next = fold.trials.length;
  if (event.number !== next) refuse(fold, event, `the next number is ${next}`);
}

function runningTrial<P extends Params>(
  fold: Fold<P>,
  event: StudyEvent & { readonly number: number },
): Extract<Trial<P>, { readonly state: 'running' }> {
  const trial = fold.trials[event.number];
  return trial?.state === 'running' ? trial : refuse(fold, event, `trial ${event.number} is not running`);
}

function takeFrom(queue: object[], params: Params): void {
  if (queue.length === 0) return;
  const text = canonical(params);
  const at = queue.findIndex((waiting) => canonical(waiting) === text);
  if (at >= 0) queue.splice(at, 1);
}
