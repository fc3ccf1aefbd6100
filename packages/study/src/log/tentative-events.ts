import type { Lease, Params, StudyEvent } from '@foothold/core';
import type { LeaseIndex } from '../leases/lease-index.ts';
import type { CountedTrials } from '../state/counted-trials.ts';
import type { GrowingList, GrowingReports } from '../state/growing-reports.ts';
import type { RecentOutputs } from '../state/recent-outputs.ts';

/** Events that may come into the log: others are planned on the state after them, and then they are taken back. */
export interface TentativeEvents {
  /** All of these or none. Throws StorageError for events that cannot follow. */
  apply(events: readonly StudyEvent[]): void;
  /** The state is what it was before all of them. Applying them again gives the same. */
  undo(): void;
}

/** What a fold changes, and how, without telling those who watch it. */
export interface SilentFold<P extends Params> {
  readonly state: { leaseIndex(): Pick<LeaseIndex, 'update'> };
  readonly trials: CountedTrials<P>;
  readonly queue: unknown[];
  readonly printed: Pick<RecentOutputs, 'kept'>;
  /** As those of the state. */
  readonly outputs: Map<number, number>;
  readonly running: Set<number>;
  readonly leases: Map<number, Lease>;
  readonly lostLeases: Map<number, number>;
  /** As `LiveState.endings`. */
  readonly endings: number[];
  readonly reports: GrowingReports<P>;
  readonly apply: (event: StudyEvent) => void;
}

/**
 * None yet. Of the trials, their leases, their reports and their output, what events change is kept, and the queue and the newest outputs are
 * copied before the first event that changes them; the rest of the state (claims) is copied with the first event. Which trials run and have leases comes back in any order.
 */
export function tentativeEvents<P extends Params>(changed: SilentFold<P>): TentativeEvents {
  const applied: StudyEvent[] = [];
  let kept: Kept | undefined;
  const undo = () => {
    kept?.restore();
    kept = undefined;
    applied.length = 0;
  };
  const applyAll = (events: readonly StudyEvent[]) => {
    kept ??= keptOf(changed);
    for (const event of events) {
      kept.before(event);
      changed.apply(event);
    }
  };
  return {
    apply(events) {
      if (events.length === 0) return;
      try {
        applyAll(events);
        for (const event of events) applied.push(event);
      } catch (error) {
        const before = [...applied];
        undo();
        applyAll(before);
        for (const event of before) applied.push(event);
        throw error;
      }
    },
    undo,
  };
}

type Fields = Record<string, unknown>;

/** A state as it was. */
interface Kept {
  /** Keeps what the event is about to change of its trial. */
  before(event: StudyEvent): void;
  restore(): void;
}

function keptOf<P extends Params>(fold: SilentFold<P>): Kept {
  const { state, trials, queue, printed, endings } = fold;
  const { outputs, running, leases, lostLeases } = fold;
  const large: readonly unknown[] = [
    ...[trials.all, trials.deleted, queue, endings],
    ...[outputs, running, leases, lostLeases],
  ];
  const endingCount = endings.length;
  const fields = Object.entries(state).map(([name, value]) => ({
    name,
    value,
    restore: large.includes(value) ? undefined : contentOf(value),
  }));
  const names = new Set(fields.map(({ name }) => name));
  const restoreTrials = trials.kept();
  const restores = new Map<number, () => void>();
  let restoreQueue: (() => void) | undefined;
  let restorePrinted: (() => void) | undefined;
  return {
    before(event) {
      if (changesQueue(event)) restoreQueue ??= contentOf(queue);
      if (event.type === 'printed') restorePrinted ??= printed.kept();
      const number = 'number' in event ? event.number : undefined;
      if (number === undefined || restores.has(number)) return;
      restores.set(number, keptOfTrial(fold, number));
    },
    restore() {
      restoreTrials();
      endings.length = endingCount;
      for (const restore of restores.values()) restore();
      for (const { restore } of fields) restore?.();
      restoreQueue?.();
      restorePrinted?.();
      for (const name of Object.keys(state)) if (!names.has(name)) delete (state as Partial<Fields>)[name];
      for (const { name, value } of fields) (state as unknown as Fields)[name] = value;
      for (const number of restores.keys()) state.leaseIndex().update(number);
    },
  };
}

function changesQueue(event: StudyEvent): boolean {
  if (event.type === 'asked') return event.queued === true;
  return event.type === 'enqueued' || event.type === 'dequeued';
}

/** The function that it returns gives back what a fold has of a trial besides the trial itself. */
function keptOfTrial<P extends Params>(fold: SilentFold<P>, number: number): () => void {
  const { outputs, running, leases, lostLeases, reports } = fold;
  const restoreReports = keptReports(reports, number);
  const isRunning = running.has(number);
  const entries = [keptEntry(outputs, number), keptEntry(leases, number), keptEntry(lostLeases, number)];
  return () => {
    restoreReports();
    if (isRunning) running.add(number);
    else running.delete(number);
    for (const restore of entries) restore();
  };
}

function keptEntry<V>(map: Map<number, V>, number: number): () => void {
  const value = map.get(number);
  return () => {
    if (value === undefined) map.delete(number);
    else map.set(number, value);
  };
}

/** Gives a list, map or set its content back. */
function contentOf(value: unknown): (() => void) | undefined {
  if (value instanceof Map) return refilled(value, (key, of) => value.set(key, of));
  if (value instanceof Set) return refilled(value, (key) => value.add(key));
  if (!Array.isArray(value)) return undefined;
  const items = value.slice();
  return () => {
    value.length = 0;
    for (const item of items) value.push(item);
  };
}

/** The function that it returns makes the trial's reports those that they are now, whatever came since. */
function keptReports<P extends Params>({ growing }: GrowingReports<P>, number: number): () => void {
  const of = growing.get(number);
  const count = of?.all.length ?? 0;
  return () => {
    if (!of) growing.delete(number);
    else {
      takeBack(of, count);
      growing.set(number, of);
    }
  };
}

/** Takes back all but the first `count` reports. Trials that were returned before keep those that they had. Costs as what is taken back does. */
function takeBack(list: GrowingList, count: number): void {
  const { all, at, seen } = list;
  if (all.length <= count) return;
  const reports = all.splice(count);
  for (const report of reports) if (at.get(report.step) === report) at.delete(report.step);
  seen.void = { count, reports };
  list.seen = { all };
}

/** Puts the entries back in their order. */
function refilled<K, V>(
  of: ReadonlyMap<K, V> & { clear(): void },
  put: (key: K, value: V) => unknown,
): () => void;
function refilled<K>(of: ReadonlySet<K> & { clear(): void }, put: (key: K) => unknown): () => void;
function refilled(
  of: { clear(): void; entries(): Iterable<[unknown, unknown]> },
  put: (key: unknown, value: unknown) => unknown,
): () => void {
  const entries = [...of.entries()];
  return () => {
    of.clear();
    for (const [key, value] of entries) put(key, value);
  };
}
