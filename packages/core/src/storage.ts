import type { Awaitable } from './awaitable.ts';
import type { Goal } from './goal.ts';
import type { SpaceDescription } from './search-space.ts';
import type { Outcome, Params, Why } from './trial.ts';

/** Append-only log of a study. State is a fold over it; nothing is ever updated in place. */
export interface Storage {
  /** Events from position `from` (0 is the first) on; empty for a study that does not exist. */
  read(study: string, from: number): Awaitable<readonly StudyEvent[]>;
  /** Appends when the log still has length `at`; false when another writer was first. All events or none. */
  append(study: string, at: number, events: readonly StudyEvent[]): Awaitable<boolean>;
}

/** Who works on a trial, and until when (milliseconds of the study's clock; absent: until told). */
export interface Lease {
  readonly owner: string;
  readonly until?: number;
}

export type StudyEvent =
  | {
      readonly type: 'created';
      readonly space?: SpaceDescription;
      readonly goal: Goal;
      readonly seed: number;
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
    }
  | { readonly type: 'reported'; readonly number: number; readonly step: number; readonly value: number }
  | { readonly type: 'told'; readonly number: number; readonly outcome: Outcome }
  | { readonly type: 'expired'; readonly number: number };
