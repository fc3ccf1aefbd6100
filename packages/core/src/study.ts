import type { InvalidArgumentError } from './errors.ts';
import type { Goal } from './goal.ts';
import type { DeletedTrial, Notes, Outcome, Params, Report, Trial, TrialNotes } from './trial.ts';

export interface AskOptions<P extends Params = Params> extends Notes {
  /** Parameters that are given and not chosen. */
  readonly fixed?: Partial<P> | undefined;
  /** Ends the ask before it claims a trial: the ask then throws the signal's reason. */
  readonly signal?: AbortSignal | undefined;
  /**
   * Throws TrialLimitError when the study has so many trials already: asked for, and finished or held by a worker.
   * Exact also where several processes ask at once. Absent: no limit.
   */
  readonly trials?: number | undefined;
  /**
   * Makes an ask safe to repeat whose answer was lost: this owner's second ask with the same key gets the same trial, as long as its
   * lease was neither renewed nor given to another worker. At most 200 characters.
   */
  readonly key?: string | undefined;
}

/** A running trial of another worker. */
export interface HeldTrial {
  readonly number: number;
  readonly owner: string;
  /** Milliseconds until its lease runs out; absent where it has no end, or where the owner is known to run. */
  readonly expiresIn?: number;
}

/** What the pruner said after a report, or why the report was refused. */
export type ReportAnswer = 'continue' | 'prune' | InvalidArgumentError;

/**
 * The ask-tell loop of a study in this process or on a server. Members with `?` are abilities that a study may lack;
 * `optimize` uses those that are there. Every member throws StorageError where the log cannot be read or written; with `retry`
 * the same call may succeed later.
 */
export interface Study<P extends Params = Params> {
  /**
   * Claims the next trial under a lease; the sampler sees every pending trial. `fixed` parameters are given, not chosen.
   *
   * Throws SpaceExhaustedError when every point of a finite space has been tried, InfeasibleSpaceError when no point that keeps
   * the constraints is found, OutOfSpaceError for `fixed` values outside of the space and for an enqueued trial that cannot be
   * asked (which it takes from the queue), UnsupportedError when the sampler cannot keep values fixed, TrialLimitError beside
   * `trials`.
   */
  ask(options?: AskOptions<P>): Promise<Trial<P>>;
  /**
   * Puts parameters at the end of a queue that is asked before the sampler is: a default configuration, a colleague's
   * guess. Of some parameters only, the sampler chooses the others with these given. Throws OutOfSpaceError
   * for what no trial can have, UnsupportedError for some parameters where the sampler cannot keep values fixed.
   */
  enqueue(params: Partial<P>): Promise<void>;
  /**
   * Records an intermediate value of a running trial, with further figures where there are; the answer is the pruner's. The same
   * report twice is one. Of a deleted trial nothing is recorded, and the answer is 'prune'. Throws InvalidArgumentError for a step that is no whole number from 0, a figure that is not finite, or
   * another report of the same step; TrialStateError when the trial does not run here.
   */
  report(
    number: number,
    step: number,
    value: number,
    metrics?: Readonly<Record<string, number>>,
  ): Promise<'continue' | 'prune'>;
  /**
   * Records reports of one trial that are there at the same time, in their order and at once, as far as the first after which the pruner
   * ends it. The answers are those that `report` would have given in turn: what it would have thrown for one that is refused, and 'prune'
   * from that first one on. Throws TrialStateError. Absent: `report` is called for each.
   */
  reportAll?(number: number, reports: readonly Report[]): Promise<readonly ReportAnswer[]>;
  /**
   * Records how a trial ended. Idempotent: telling the same outcome twice is one tell. A study that has `note` takes `notes` with it.
   * The outcome of a deleted trial is kept with it: it stays deleted, and has the outcome when it is restored.
   * Throws TrialStateError for a different outcome, a trial that does not exist and a lease that was lost; InvalidArgumentError for
   * figures that are not finite or that the goal needs and are missing.
   */
  tell(number: number, outcome: Outcome, notes?: Notes): Promise<void>;
  /** All trials in order of their numbers, those that still run included. Deleted ones are left out. */
  trials(): Promise<readonly Trial<P>[]>;
  /** The trial of this number; undefined where there is none, or it is deleted. Absent: it is looked up among `trials`. */
  trial?(number: number): Promise<Trial<P> | undefined>;
  /** What the study is after; stop rules need it. */
  readonly goal?: Goal;
  /**
   * The trials that have ended, in the order in which they did, without the first `from` of them, each as it is now; one that ran again
   * is there twice, one that was deleted since once more, and again when it is restored. Absent: `trials` is looked
   * through.
   */
  ended?(from: number): Promise<readonly (Trial<P> | DeletedTrial<P>)[]>;
  /**
   * Deletes a trial, whatever its state: from here on it counts nowhere. Its number is not given again, and the log keeps it. A worker
   * that evaluates it is told so by `report` ('prune') and `renew`. Deleting it twice is once. Throws TrialStateError for a trial
   * that there is not.
   */
  deleteTrial?(number: number): Promise<void>;
  /**
   * Restores a deleted trial with its outcome; one without runs again without a worker, so that the next ask gives it out. Nothing
   * happens to a trial that is not deleted. Throws TrialStateError for a trial that there is not.
   */
  restoreTrial?(number: number): Promise<void>;
  /** The deleted trials in order of their numbers. */
  deletedTrials?(): Promise<readonly DeletedTrial<P>[]>;
  /**
   * Writes attributes, a note and the output of a trial, whatever its state; attributes and a note of the study where `number` is
   * undefined. Throws InvalidArgumentError for what JSON cannot hold and for output that is too long, TrialStateError for a trial that
   * there is not.
   */
  note?(number: number | undefined, notes: TrialNotes): Promise<void>;
  /** The lines that were last written as a trial's output, deleted or not; none where there are none. */
  output?(number: number): Promise<readonly string[]>;
  /** Gives a running trial back, so that the next ask gives it out again: what an interrupted worker does. Throws TrialStateError. */
  release?(number: number): Promise<void>;
  /** Milliseconds between two calls of `renew` while a trial is evaluated; undefined where leases have no end. */
  readonly renewEvery?: number | undefined;
  /** Restarts the lease of a running trial. Throws TrialStateError when another worker has it, or it has ended. */
  renew?(number: number): Promise<void>;
  /** Numbers of the running trials whose worker is gone: the next asks give them out again. */
  abandoned?(): Promise<readonly number[]>;
  /**
   * The trials that this object has ended itself since the last call, so that each is named once, to one process: their workers were lost
   * more often than `retries` allows, or they lie outside of a space that was edited.
   */
  givenUp?(): Promise<readonly Trial<P>[]>;
  /** Running trials that other workers hold. */
  held?(): Promise<readonly HeldTrial[]>;
}
