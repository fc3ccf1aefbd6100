import type { DeletedTrial, Lease, Params, StudyEvent, Trial } from '@foothold/core';
import type { Claim } from '../ask/claims.ts';
import { leaseIndex } from '../leases/lease-index.ts';
import { eventFault } from '../log/event-fault.ts';
import type { SilentFold } from '../log/tentative-events.ts';
import { countedTrials } from './counted-trials.ts';
import { applyTo, type Fold, refuse } from './fold-events.ts';
import { growingReports } from './growing-reports.ts';
import { recentOutputs } from './recent-outputs.ts';
import { storedPart } from './stored-part.ts';
import type { LiveState, StudyState } from './study-state.ts';
import { type TrialWatcher, tellWatcher } from './trial-watcher.ts';

/** The state after these events. Throws StorageError for a log that no study can have written. */
export function replay<P extends Params = Params>(events: readonly StudyEvent[]): StudyState<P> {
  const fold = logFold<P>();
  for (const event of events) fold.apply(event);
  return storedPart(fold.state);
}

/** A fold that goes on with each event. */
export interface LogFold<P extends Params> {
  readonly state: LiveState<P>;
  apply(event: StudyEvent): void;
  /**
   * All of these. What those who watch trials throw is thrown once all are applied, the first of it: the state is never behind a log
   * that it was told of.
   */
  applyAll(events: readonly StudyEvent[]): void;
  /** For events that are not in the log yet: those who watch trials do not hear of them. They are taken back before others are applied. */
  readonly silent: SilentFold<P>;
}

/** The fold, one event at a time, from the first on or from a state that a snapshot has. No event costs more in a longer log. */
export function logFold<P extends Params>(saved: Partial<LiveState<P>> = {}): LogFold<P> {
  const parts = {
    trials: [] as Trial<P>[],
    deleted: new Map<number, DeletedTrial<P>>(),
    queue: [] as Partial<P>[],
    leases: new Map<number, Lease>(),
    claims: new Map<number, Claim>(),
    running: new Set<number>(),
    endings: [] as number[],
    lostLeases: new Map<number, number>(),
    outputs: new Map<number, number>(),
    ...(saved as object),
  };
  const reports = growingReports<P>();
  const watchers = new Set<TrialWatcher>();
  const trials = countedTrials(parts.trials, parts.deleted);
  for (const number of parts.running) reports.resume(trials.at(number)!);
  const watch = (watcher: TrialWatcher) => void watchers.add(watcher);
  const index = leaseIndex(parts.running, parts.leases);
  const printed = recentOutputs();
  const outputLines = (number: number) => printed.at(number, parts.outputs.get(number));
  const calls = { reportAt: reports.reportAt, trial: trials.at, watch, leaseIndex: () => index, outputLines };
  const state = { ...parts, ...calls, loaded: 0, length: 0, count: 0, deletions: 0, ...saved };
  const fold: Fold<P> = { ...parts, trials, reports, state };
  const changed = (event: StudyEvent): void => {
    const fault = eventFault(event);
    if (fault !== undefined) refuse(fold, event, fault);
    applyTo(fold, event);
    if (event.type === 'printed') printed.add(event.number, state.length, event.lines);
    if ('number' in event && event.number !== undefined) index.update(event.number);
    state.count = trials.count();
  };
  const silently = (event: StudyEvent): void => {
    changed(event);
    state.length++;
  };
  const applyAll = (events: readonly StudyEvent[]): void => {
    const thrown: unknown[] = [];
    for (const event of events) {
      silently(event);
      for (const watcher of watchers)
        try {
          tellWatcher(watcher, trials, event);
        } catch (error) {
          thrown.push(error);
        }
    }
    if (thrown.length > 0) throw thrown[0];
  };
  const { queue, outputs, endings, running, leases, lostLeases } = parts;
  const silent = {
    ...{ state, trials, reports, printed, queue, outputs, endings, running, leases, lostLeases },
    apply: silently,
  };
  return { state, apply: (event) => applyAll([event]), applyAll, silent };
}
