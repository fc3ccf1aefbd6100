import type { Awaitable, Params, StudyEvent } from '@foothold/core';
import type { LogFold } from '../state/replay.ts';
import type { LiveState } from '../state/study-state.ts';
import type { EventPlan } from '../storage/transact-by-appends.ts';

/** Events to append, none when there is nothing to do, and what to answer once they are in the log. */
export interface Plan<T> {
  readonly events: readonly StudyEvent[];
  readonly answer: () => T;
}

/** A call that plans events, or only looks. `reject` is for what the log or the plan threw. */
export type LogCall<P extends Params> = CommitCall<P> | LookCall<P>;

export interface CommitCall<P extends Params> {
  readonly plan: (state: LiveState<P>) => Plan<unknown>;
  /** Called once the events of the plan are in the log and in the state. */
  readonly answered: (plan: Plan<unknown>) => void;
  readonly reject: (error: unknown) => void;
}

interface LookCall<P extends Params> {
  readonly view: (state: LiveState<P>) => Promise<void>;
  readonly reject: (error: unknown) => void;
}

/** What calls need of the log. */
export interface CalledLog<P extends Params> {
  /** The fold of what was read so far. */
  opened(): Promise<LogFold<P>>;
  read(from: number): Awaitable<readonly StudyEvent[]>;
  /** As `Storage.transact`. */
  transact(from: number, plan: EventPlan): Awaitable<void>;
  /** The events as they come back from the storage. Throws StorageError for what no study may write. */
  stored(events: readonly StudyEvent[]): readonly StudyEvent[];
  /** Takes in events that are in the log. */
  apply(fold: LogFold<P>, events: readonly StudyEvent[]): void;
  /** To be called before the state changes in another way. */
  beforeChange(): void;
  /** To be called where events that plans have seen did not get into the log. */
  forgetViews(): void;
}
