import type {
  Attributes,
  DeletedTrial,
  Goal,
  HeldTrial,
  Notes,
  Params,
  SearchSpace,
  Study,
  StudyEvent,
  TornWrite,
  Trial,
  TrialNotes,
} from '@foothold/core';
import type { CompleteTrial } from './goal.ts';
import type { LoadOptions, PastTrial, RenewOptions } from './study-options.ts';

/** A study whose sampler runs in this process. */
export interface LocalStudy<P extends Params = Params> extends Study<P> {
  readonly name: string;
  readonly space: SearchSpace<P>;
  readonly goal: Goal;
  /**
   * Begins the suggestion of the next ask, for a moment when nothing else is to be done: the ask is answered with it, or waits for what is
   * left of it, and gets the very trial that it would get without. Of no use while a trial runs, which is to have its outcome first, while
   * something is enqueued, and when the planned `trials` were given: then, as for a sampler that does not look at the trials, nothing is begun. What is begun ends with `signal`, and as soon as this object
   * sees another event of the study: no ask gets it then. Resolves when it is begun. Throws as `ask` does where the study was edited; what
   * the sampler throws, the ask throws.
   */
  prepare(options?: { readonly signal?: AbortSignal | undefined }): Promise<void>;
  /** Adds past evaluations; returns how many. Running ones are left out. Throws OutOfSpaceError, InvalidArgumentError, and then adds none. */
  load(trials: readonly PastTrial<P>[], options?: LoadOptions): Promise<number>;
  /** The best complete trial that keeps the outcome constraints; with several objectives by the first of them. */
  best(): Promise<CompleteTrial<P> | undefined>;
  /** The trials that no other beats in every objective; the best alone where there is one objective. */
  pareto(): Promise<readonly CompleteTrial<P>[]>;
  /** What was enqueued and has no trial yet, all parameters or some, in order. */
  waiting(): Promise<readonly Partial<P>[]>;
  pastTrials(): Promise<readonly Trial<P>[]>;
  /** The trials that run, whoever has them. */
  running(): Promise<readonly Trial<P>[]>;
  trial(number: number): Promise<Trial<P> | undefined>;
  ended(from: number): Promise<readonly (Trial<P> | DeletedTrial<P>)[]>;
  deleteTrial(number: number): Promise<void>;
  restoreTrial(number: number): Promise<void>;
  deletedTrials(): Promise<readonly DeletedTrial<P>[]>;
  note(number: number | undefined, notes: TrialNotes): Promise<void>;
  output(number: number): Promise<readonly string[]>;
  /** The attributes and the note of the study itself. */
  notes(): Promise<Notes & { readonly attributes: Attributes }>;
  release(number: number): Promise<void>;
  readonly renewEvery: number | undefined;
  renew(number: number, options?: RenewOptions): Promise<void>;
  /**
   * Makes running trials this object's own that it did not ask for, such as those of a process that has ended: no ask gives them out, and
   * their leases begin now. Answers their numbers; those that have ended, or that another worker has, stay as they are. Throws
   * InvalidArgumentError for a number that no trial has, and then takes none.
   */
  take(holds: readonly number[]): Promise<readonly number[]>;
  /**
   * Running trials that nobody works on any more: the next asks give them out again. Those that were lost more often than
   * `retries` allows fail now.
   */
  abandoned(): Promise<readonly number[]>;
  givenUp(): Promise<readonly Trial<P>[]>;
  held(): Promise<readonly HeldTrial[]>;
  /** Every event so far; `replay` makes the study's state of them. */
  log(): Promise<readonly StudyEvent[]>;
  /** Records that a crash left unfinished in the storage: what they said, if it was acknowledged at all, is lost. */
  torn(): Promise<readonly TornWrite[]>;
}
