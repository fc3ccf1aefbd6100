import { type Awaitable, type Params, type Storage, StorageError, type StudyEvent } from '@foothold/core';
import { throughJson } from './canonical.ts';
import { eventFault } from './event-fault.ts';
import { foldFrom, snapshotOf } from './fold-snapshot.ts';
import { oneByOne } from './one-by-one.ts';
import { type LiveState, type LogFold, logFold } from './replay.ts';
import { type StateView, type StateViews, stateViews } from './state-view.ts';
import { type EventPlan, transactByAppends } from './storage/transact-by-appends.ts';

/** Events that are read when a study is opened, from which on it is a long one. Fewer are read in about 0.1 s. */
const manyEvents = 10_000;

/** A study's log as one process sees it: operations run one after another, each on the newest state. */
export interface StudyLog<P extends Params> {
  /**
   * Lets `plan` choose events from the newest state and appends them; again when another writer was first, so that it may be
   * called several times. Throws StorageError as the storage does: with `retry` where other writers are first too often, without
   * when the stored log has become shorter than what was read of it.
   */
  commit<T>(plan: (state: LiveState<P>) => Plan<T>): Promise<T>;
  /** What the newest state says. It does not change before `view` has answered. */
  look<T>(view: (state: LiveState<P>) => Awaitable<T>): Promise<T>;
  /** The state as it is now, to be called by what `commit` calls. */
  view(): StateView<P>;
}

/** Events to append, none when there is nothing to do, and what to answer once they are in the log. */
export interface Plan<T> {
  readonly events: readonly StudyEvent[];
  readonly answer: () => T;
}

/** The log of this name; nothing is read before the first call. Events get their time from the clock, where there is one. */
export function studyLog<P extends Params>(
  storage: Storage,
  name: string,
  clock?: (() => number) | undefined,
): StudyLog<P> {
  let fold: LogFold<P> | undefined;
  let views: StateViews<P> | undefined;
  const key = {};
  const inTurn = oneByOne();
  const applyAll = ({ apply }: LogFold<P>, events: readonly StudyEvent[]) => {
    if (events.length > 0) views?.beforeChange();
    for (const event of events) apply(event);
  };
  const opened = async () => {
    fold ??= await openedFold<P>(storage, name);
    return fold;
  };
  const commit: StudyLog<P>['commit'] = <T>(plan: (state: LiveState<P>) => Plan<T>) =>
    inTurn(async () => {
      const of = await opened();
      let last: { readonly stored: readonly StudyEvent[]; readonly answer: () => T } | undefined;
      await transact(storage, name, {
        from: of.state.length,
        plan: (newer) => {
          applyAll(of, newer);
          const { events, answer } = plan(of.state);
          const stored = toBeStored(events, name, clock);
          last = { stored, answer };
          return stored;
        },
      });
      applyAll(of, last!.stored);
      return last!.answer();
    });
  return {
    commit,
    look: (view) =>
      inTurn(async () => {
        const of = await opened();
        applyAll(of, await storage.read(name, of.state.length));
        return view(of.state);
      }),
    view: () => {
      views ??= stateViews(fold!.state, key);
      return views.view();
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
    return snapshot && foldFrom<P>(snapshot);
  } catch {
    return undefined; // what is wrong with the log itself is said when it is read
  }
}
