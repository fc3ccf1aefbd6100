import { type Awaitable, type Params, type Storage, StorageError, type StudyEvent } from '@foothold/core';
import { type LogFold, logFold } from '../state/replay.ts';
import { type StateView, type StateViews, stateViews } from '../state/state-view.ts';
import type { LiveState } from '../state/study-state.ts';
import { type EventPlan, transactByAppends } from '../storage/transact-by-appends.ts';
import { throughJson } from './canonical.ts';
import { eventFault } from './event-fault.ts';
import { inGroups } from './in-groups.ts';
import type { LogCall, Plan } from './log-calls.ts';
import { runCalls } from './run-calls.ts';

/** Events that are read when a study is opened, from which on it is a long one. Fewer are read in about 0.1 s. */
const manyEvents = 10_000;

/**
 * A study's log as one process sees it: calls are answered one after another, each with what the state is after those before it. Those
 * that wait at the same time share one append.
 */
export interface StudyLog<P extends Params> {
  /**
   * Lets `plan` choose events from the newest state and appends them; again when another writer was first, so that it may be
   * called several times. The state that it sees may have events of calls before it that are appended together with its own. Throws StorageError as the storage does: with `retry` where other writers are first too often, without
   * when the stored log has become shorter than what was read of it.
   */
  commit<T>(plan: (state: LiveState<P>) => Plan<T>): Promise<T>;
  /** What the newest state says. It does not change before `view` has answered. */
  look<T>(view: (state: LiveState<P>) => Awaitable<T>): Promise<T>;
  /** The state as it is now, to be called by what `commit` calls. */
  view(): StateView<P>;
  /** Calls `changes` before events of the log change the state; the function that it returns ends that. */
  watch(changes: () => void): () => void;
}

/** The log of this name; nothing is read before the first call. Events get their time from the clock, where there is one. */
export function studyLog<P extends Params>(
  storage: Storage,
  name: string,
  clock?: (() => number) | undefined,
): StudyLog<P> {
  let fold: LogFold<P> | undefined;
  let views: StateViews<P> | undefined;
  const watching = new Set<() => void>();
  const at = {
    opened: async () => {
      fold ??= await openedFold<P>(storage, name);
      return fold;
    },
    apply: ({ applyAll }: LogFold<P>, events: readonly StudyEvent[]) => {
      if (events.length > 0) {
        for (const changes of watching) changes();
        views?.beforeChange();
      }
      applyAll(events);
    },
    beforeChange: () => views?.beforeChange(),
    forgetViews: () => views?.forget(),
    stored: (events: readonly StudyEvent[]) => toBeStored(events, name, clock),
    read: (from: number) => storage.read(name, from),
    transact: (from: number, plan: EventPlan) => transact(storage, name, { from, plan }),
  };
  const call = inGroups<LogCall<P>>((group) => runCalls(at, group));
  return {
    commit: <T>(plan: (state: LiveState<P>) => Plan<T>) =>
      new Promise<T>((resolve, reject) => {
        const answered = ({ answer }: Plan<unknown>) => resolve(answer() as T);
        call({ plan, answered, reject });
      }),
    look: <T>(view: (state: LiveState<P>) => Awaitable<T>) =>
      new Promise<T>((resolve, reject) => {
        call({ view: async (state) => resolve(await view(state)), reject });
      }),
    view: () => {
      views ??= stateViews(fold!.state);
      return views.view();
    },
    watch: (changes) => {
      watching.add(changes);
      return () => void watching.delete(changes);
    },
  };
}

function transact(
  storage: Storage,
  name: string,
  { from, plan }: { readonly from: number; readonly plan: EventPlan },
): Awaitable<void> {
  return storage.transact
    ? storage.transact(name, from, plan)
    : transactByAppends(storage, name, { from, plan });
}

/** The events as they come back from the storage, with their time. Throws StorageError for what no study may write. */
function toBeStored(
  events: readonly StudyEvent[],
  name: string,
  clock: (() => number) | undefined,
): readonly StudyEvent[] {
  const at = clock?.();
  // JSON has no undefined: without a clock there is no time.
  const stored = throughJson(
    events.map((event) => ({ ...event, at: event.at ?? at })) as readonly StudyEvent[],
  );
  for (const event of stored) {
    const fault = eventFault(event);
    if (fault !== undefined) throw new StorageError(`${name}: an event is not written: ${fault}`);
  }
  return stored;
}

/**
 * The fold of all events, begun with a snapshot where there is one. Makes a new one where more events came since than it holds, and
 * at least 10,000. A snapshot is never needed: without one, or with a broken one, all events are read.
 */
async function openedFold<P extends Params>(storage: Storage, name: string): Promise<LogFold<P>> {
  const fold = (await snapshotFold<P>(storage, name)) ?? logFold<P>();
  const { state } = fold;
  const before = state.length;
  for (const event of await storage.read(name, before)) fold.apply(event);
  if (storage.writeSnapshot && state.length - before >= Math.max(before, manyEvents)) {
    try {
      const { snapshotOf } = await import('../state/fold-snapshot.ts');
      await storage.writeSnapshot(name, snapshotOf(state));
    } catch {
      // A folder that cannot be written to still has a study that can be read.
    }
  }
  return fold;
}

async function snapshotFold<P extends Params>(
  storage: Storage,
  name: string,
): Promise<LogFold<P> | undefined> {
  try {
    const snapshot = await storage.readSnapshot?.(name);
    if (!snapshot) return undefined;
    const { savedState } = await import('../state/fold-snapshot.ts');
    const saved = savedState<P>(snapshot);
    return saved && logFold<P>(saved);
  } catch {
    return undefined; // what is wrong with the log itself is said when it is read
  }
}
