import type { Awaitable } from './awaitable.ts';
import type { Goal } from './goal.ts';
import type { SpaceDescription } from './search-space.ts';
import type { Json, Outcome, Params, ProgramState, Why } from './trial.ts';

/** Append-only log of a study. State is a fold over it; nothing is ever updated in place. */
export interface Storage {
  /** Events from position `from` (0 is the first) on; empty for a study that does not exist. */
  read(study: string, from: number): Awaitable<readonly StudyEvent[]>;
  /** Appends when the log still has length `at`; false when another writer was first. All events or none. */
  append(study: string, at: number, events: readonly StudyEvent[]): Awaitable<boolean>;
  /** What crashes left of unfinished records in this study's log, where the storage can have such. */
  torn?(study: string): Awaitable<readonly TornWrite[]>;
}

/** An unfinished record that a crash or a full disk left in a log. It is never read as events. */
export interface TornWrite {
  /** Its length. */
  readonly bytes: number;
  /** Its first byte in the log. */
  readonly offset: number;
  /** Number of events before it: what was lost, if anything, begins with the event of this number. */
  readonly event: number;
  /** The file that holds a copy of the bytes; absent where it could not be written. */
  readonly keptIn?: string;
  /** True when it was found just now, false when an earlier process had made the copy. */
  readonly isNew: boolean;
}

/** Who works on a trial, and until when (milliseconds of the study's clock; absent: until told). */
export interface Lease {
  readonly owner: string;
  readonly until?: number;
}

/** An event of a study's log. The first is `created`; a suggestion is a pure function of the events before it and the seed. */
export type StudyEvent =
  | {
      readonly type: 'created';
      readonly space?: SpaceDescription;
      readonly goal: Goal;
      readonly seed: number;
      /** 2: samplers keep their state in `samplerState`. Absent in older logs, where it is in `why`. */
      readonly format?: number;
    }
  /** All parameters of a trial to be asked, or some, the others being the sampler's choice. */
  | { readonly type: 'enqueued'; readonly params: Params }
  /** What was enqueued is taken back: no trial can have it. */
  | { readonly type: 'dequeued'; readonly params: Params; readonly reason: string }
  /** A past evaluation that was not asked for. */
  | { readonly type: 'loaded'; readonly number: number; readonly params: Params; readonly outcome: Outcome }
  | {
      readonly type: 'asked';
      readonly number: number;
      readonly params: Params;
      readonly lease: Lease;
      /** True when these parameters came from the queue. */
      readonly queued?: boolean;
      /** What was enqueued, where that were some of the parameters only. */
      readonly given?: Params;
      readonly why?: Why;
      readonly samplerState?: ProgramState;
      /** How many events the sampler saw, where other workers added more before this event was written. */
      readonly prefix?: number;
    }
  | { readonly type: 'reported'; readonly number: number; readonly step: number; readonly value: number }
  | { readonly type: 'told'; readonly number: number; readonly outcome: Outcome }
  /** The trial is given back, so that the next ask gives it out again. */
  | { readonly type: 'expired'; readonly number: number }
  /** A failed trial runs again: it has no outcome and no worker, as an expired one. */
  | { readonly type: 'reopened'; readonly number: number }
  /** How the trials from here on are evaluated (the command, the metric), for the programs that evaluate them. */
  | { readonly type: 'described'; readonly facts: { readonly [key: string]: Json } };
