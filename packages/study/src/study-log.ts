import { type Params, type Storage, StorageError, type StudyEvent } from '@foothold/core';
import { throughJson } from './canonical.ts';
import { eventFault } from './event-fault.ts';
import { foldFrom, snapshotOf } from './fold-snapshot.ts';
import { type LiveState, type LogFold, logFold } from './replay.ts';
import { type StateView, type StateViews, stateViews } from './state-view.ts';

/** How often an operation begins again because other writers were first, before it gives up. */
const maxRaces = 1000;

/** Events that are read when a study is opened, from which on it is a long one. Fewer are read in about 0.1 s. */
const manyEvents = 10_000;

/** A study's log as one process sees it: operations run one after another, each on the newest state. */
export interface StudyLog<P extends Params> {
  /**
   * Reads what is new, lets `plan` choose events, appends them; again when another writer was first.
   * Throws StorageError: with `retry` when that happens a thousand times in a row, without when the stored log has become
   * shorter than what was read of it.
   */
  commit<T>(plan: (state: LiveState<P>) => Promise<Plan<T>> | Plan<T>): Promise<T>;
  /** The state as it is now, to be called by what `commit` calls. */
  view(): StateView<P>;
}

/** Events to append, none when there is nothing to do, and what to answer once they are in the log. */
export interface Plan<T> {
  readonly events: readonly StudyEvent[];
  readonly answer: () => T;
}

/** The log of this name; nothing is read before the first `commit`. Events get their time from the clock, where there is one. */
export function studyLog<P extends Params>(
  storage: Storage,
  name: string,
  clock?: (() => number) | undefined,
): StudyLog<P> {
  let fold: LogFold<P> | undefined;
  let views: StateViews<P> | undefined;
  const key = {};
  let last: Promise<unknown> = Promise.resolve();
  const applyAll = ({ apply }: LogFold<P>, events: readonly StudyEvent[]) => {
    if (events.length > 0) views?.beforeChange();
    for (const event of events) apply(event);
  };
  const readOn = async (of: LogFold<P>) => {
    const before = of.state.length;
    applyAll(of, await storage.read(name, before));
    return of.state.length > before;
  };
  const commit: StudyLog<P>['commit'] = (plan) => {
    const run = async () => {
      for (let race = 0; race < maxRaces; race++) {
        const isNew = fold ? await readOn(fold) : false;
        fold ??= await openedFold<P>(storage, name);
        const { state } = fold;
        if (race > 0 && !isNew) await refuseShorter(storage, name, state.length);
        const { events, answer } = await plan(state);
        if (events.length === 0) return answer();
        const at = clock?.();
        const stored = throughJson(
          at === undefined ? events : events.map((event) => ({ ...event, at: event.at ?? at })),
        );
        for (const event of stored) {
          const fault = eventFault(event);
          if (fault !== undefined) throw new StorageError(`${name}: an event is not written: ${fault}`);
        }
        if (await storage.append(name, state.length, stored)) {
          applyAll(fold, stored);
          return answer();
        }
      }
      throw new StorageError(`${name}: other writers were first ${maxRaces} times in a row`, {
        retry: true,
      });
    };
    const result = last.then(run);
    last = result.catch(() => undefined);
    return result;
  };
  return {
    commit,
    view: () => {
      views ??= stateViews(fold!.state, key);
      return views.view();
    },
  };
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

/** Nobody was first, and yet the append was refused: looks whether the log was deleted or cut. Throws StorageError. */
async function refuseShorter(storage: Storage, name: string, known: number): Promise<void> {
  const { length } = await storage.read(name, 0);
  if (length < known)
    throw new StorageError(
      `${name}: the stored log has ${length} events, and ${known} were read of it before: it was deleted or ` +
        'cut; put it back, or open the study again',
    );
}
