import { type Params, type Storage, StorageError, type StudyEvent } from '@foothold/core';
import { throughJson } from './canonical.ts';
import { eventFault } from './event-fault.ts';
import { type LiveState, logFold } from './replay.ts';

/** How often an operation begins again because other writers were first, before it gives up. */
const maxRaces = 1000;

/** A study's log as one process sees it: operations run one after another, each on the newest state. */
export interface StudyLog<P extends Params> {
  /**
   * Reads what is new, lets `plan` choose events, appends them; again when another writer was first.
   * Throws StorageError: with `retry` when that happens a thousand times in a row, without when the stored log has become
   * shorter than what was read of it.
   */
  commit<T>(plan: (state: LiveState<P>) => Promise<Plan<T>> | Plan<T>): Promise<T>;
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
  const { state, apply } = logFold<P>();
  let last: Promise<unknown> = Promise.resolve();
  const refresh = async () => {
    const before = state.length;
    for (const event of await storage.read(name, before)) apply(event);
    return state.length > before;
  };
  /** Nobody was first, and yet the append was refused: looks whether the log was deleted or cut. */
  const refuseShorter = async () => {
    const { length } = await storage.read(name, 0);
    if (length < state.length)
      throw new StorageError(
        `${name}: the stored log has ${length} events, and ${state.length} were read of it before: it was deleted or ` +
          'cut; put it back, or open the study again',
      );
  };
  const commit: StudyLog<P>['commit'] = (plan) => {
    const run = async () => {
      for (let race = 0; race < maxRaces; race++) {
        const isNew = await refresh();
        if (race > 0 && !isNew) await refuseShorter();
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
          for (const event of stored) apply(event);
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
  return { commit };
}
