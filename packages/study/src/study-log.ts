import { type Params, type Storage, StorageError, type StudyEvent } from '@foothold/core';
import { throughJson } from './canonical.ts';
import { logFold, type StudyState } from './replay.ts';

/** How often an operation begins anew because other writers were first, before it gives up. */
const mostRaces = 1000;

/** A study's log as one process sees it: operations run one after another, each on the newest state. */
interface StudyLog<P extends Params> {
  /**
   * Reads what is new, lets `plan` choose events, appends them; again when another writer was first.
   * Throws StorageError with `retry` when that happens a thousand times in a row.
   */
  commit<T>(plan: (state: StudyState<P>) => Promise<Plan<T>> | Plan<T>): Promise<T>;
}

/** Events to append, none when there is nothing to do, and what to answer once they are in the log. */
interface Plan<T> {
  readonly events: readonly StudyEvent[];
  readonly answer: () => T;
}

export function studyLog<P extends Params>(storage: Storage, name: string): StudyLog<P> {
  const { state, apply } = logFold<P>();
  let last: Promise<unknown> = Promise.resolve();
  const refresh = async () => {
    for (const event of await storage.read(name, state.length)) apply(event);
  };
  const commit: StudyLog<P>['commit'] = (plan) => {
    const run = async () => {
      for (let race = 0; race < mostRaces; race++) {
        await refresh();
        const { events, answer } = await plan(state);
        if (events.length === 0) return answer();
        const stored = throughJson(events);
        if (await storage.append(name, state.length, stored)) {
          for (const event of stored) apply(event);
          return answer();
        }
      }
      throw new StorageError(`${name}: other writers were first ${mostRaces} times in a row`, {
        retry: true,
      });
    };
    const turn = last.then(run);
    last = turn.catch(() => undefined);
    return turn;
  };
  return { commit };
}
