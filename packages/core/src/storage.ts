import type { Awaitable } from './awaitable.ts';
import type { Goal } from './goal.ts';
import type { SpaceDescription } from './search-space.ts';
import type { Attributes, Json, Outcome, Params, ProgramState, Why } from './trial.ts';

/** Append-only log of a study. State is a fold over it; nothing is ever updated in place. */
export interface Storage {
  /**
   * Events from position `from` (0 is the first) on; empty for a study that does not exist. Who gives a `limit` needs so many of them at
   * most: a storage that would have to read the rest may leave it out.
   */
  read(study: string, from: number, limit?: number): Awaitable<readonly StudyEvent[]>;
  /** Appends when the log still has length `at`; false when another writer was first. All events or none. */
  append(study: string, at: number, events: readonly StudyEvent[]): Awaitable<boolean>;
  /**
   * An append that loses no race twice: hands `plan` the events from position `from` on, up to the end of the log, and appends
   * behind them what it returns, none for nothing to do. `plan` is called again, with the events since its last call, where
   * another writer was first, or where it threw and was not handed the newest events; it must not wait. Resolves once the events
   * of its last call are in the log; rejects with what that call throws. Throws StorageError where the log is shorter than `from`.
   */
  transact?(
    study: string,
    from: number,
    plan: (newer: readonly StudyEvent[]) => readonly StudyEvent[],
  ): Awaitable<void>;
  /** What crashes left of unfinished records in this study's log, where the storage can have such. */
  torn?(study: string): Awaitable<readonly TornWrite[]>;
  /** Names of the studies that it holds, sorted. */
  studies?(): Awaitable<readonly string[]>;
  /** Removes a study and all that belongs to it; false where there is none. */
  remove?(study: string): Awaitable<boolean>;
  /** Gives a study another name, in one step. Throws StorageError where there is no such study, or the name is taken. */
  rename?(study: string, to: string): Awaitable<void>;
  /**
   * The events from position `from` on, as they come: those that are there at once, then each append. Ends when the signal
   * aborts. Throws StudyReplacedError where the log is shorter than `from`, or becomes so: the study was removed or renamed.
   */
  watch?(study: string, from: number, signal: AbortSignal): AsyncIterable<readonly StudyEvent[]>;
  /** The newest snapshot, where the log still begins with the events that it was made of; undefined where there is none. */
  readSnapshot?(study: string): Awaitable<StudySnapshot | undefined>;
  /** Keeps a snapshot beside the log in place of the one before it. Never needed for correctness. */
  writeSnapshot?(study: string, snapshot: StudySnapshot): Awaitable<void>;
  /** Closes connections and files. No call may follow. */
  close?(): Awaitable<void>;
}

/** The state of a study after the first `length` events, so that opening a long study reads only the events since. */
export interface StudySnapshot {
  readonly length: number;
  /** Written and read by the study package alone. */
  readonly state: string;
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
  /** Key of the ask, where it had one. */
  readonly key?: string;
}

/** An event of a study's log. The first is `created`; a suggestion is a pure function of the events before it and the seed. */
export type StudyEvent = {
  /**
   * Milliseconds since 1970 when it was written, by the clock of the study that wrote it; absent where there was none. No
   * suggestion depends on it.
   */
  readonly at?: number;
} & (
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
  | {
      readonly type: 'loaded';
      readonly number: number;
      readonly params: Params;
      readonly outcome: Outcome;
      /** Of a trial that a sampler proposed elsewhere, for a sampler that goes on from it. */
      readonly samplerState?: ProgramState;
    }
  | {
      readonly type: 'asked';
      readonly number: number;
      readonly params: Params;
      readonly lease: Lease;
      /** True when these parameters came from the queue. */
      readonly queued?: boolean;
      /** What was enqueued, where that were some of the parameters only. */
      readonly given?: Params;
      /** What the ask gave (`fixed`), where it gave something. */
      readonly fixed?: Params;
      readonly why?: Why;
      readonly samplerState?: ProgramState;
      /** Position of the worker's `claimed` event, where it had claimed before. */
      readonly claim?: number;
      /** How many events the sampler saw, where more were added before this event was written. */
      readonly prefix?: number;
      /**
       * Where the sampler proposed `count` points at once for this trial and those after it: which of them it is, from 0. Absent: the
       * only one, or beside open claims of others the one after theirs.
       */
      readonly batch?: { readonly count: number; readonly index: number };
    }
  /**
   * A worker begins to choose a trial and sees others at work. Until it has asked, other workers choose as if its proposal
   * were one more of theirs, so that no two get the same one.
   */
  | { readonly type: 'claimed'; readonly owner: string }
  | {
      readonly type: 'reported';
      readonly number: number;
      readonly step: number;
      readonly value: number;
      readonly metrics?: Readonly<Record<string, number>>;
    }
  | { readonly type: 'told'; readonly number: number; readonly outcome: Outcome }
  /** The trial has no worker, so that the next ask gives it out again. `lost`: it was not given back, its worker was silent or has ended. */
  | { readonly type: 'expired'; readonly number: number; readonly lost?: boolean }
  /** A failed trial runs again: it has no outcome and no worker, as an expired one. */
  | { readonly type: 'reopened'; readonly number: number }
  /** The trial counts nowhere from here on. One that runs has no worker any more. */
  | { readonly type: 'deleted'; readonly number: number }
  /** A deleted trial is what it was: with its outcome, or else running without a worker and reports. */
  | { readonly type: 'restored'; readonly number: number }
  /** How the trials from here on are evaluated (the command, the metric), for the programs that evaluate them. */
  | { readonly type: 'described'; readonly facts: Attributes }
  /** Attributes and a note of a trial, or without `number` of the study; they replace those of the same key, and the note. */
  | {
      readonly type: 'noted';
      readonly number?: number;
      readonly attributes?: Attributes;
      readonly note?: string;
    }
  /** The last lines that the trial's program printed; they replace those before. The state of a study does not have them. */
  | { readonly type: 'printed'; readonly number: number; readonly lines: readonly string[] }
  /**
   * What makes the suggestions from here on: the sampler as `{ name, options, plannedTrials }`, each where it is known, and the
   * program with its version.
   */
  | { readonly type: 'configured'; readonly sampler?: Json; readonly program?: string }
  /** Another space or goal from here on. Earlier trials have `values` where they lack a parameter that was added. */
  | {
      readonly type: 'edited';
      readonly space?: SpaceDescription;
      readonly goal?: Goal;
      readonly values?: Params;
    }
);
