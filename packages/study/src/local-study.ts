import type { Goal, Params, SearchSpace, Study, StudyEvent, TornWrite } from '@foothold/core';
import type { CompleteTrial } from './goal.ts';
import type { PastTrial } from './study-options.ts';

/** A running trial of another worker. */
export interface HeldTrial {
  readonly number: number;
  readonly owner: string;
  /** Milliseconds until its lease runs out; absent where it has no end, or where the owner is known to run. */
  readonly expiresIn?: number;
}

/** A study whose sampler runs in this process. */
export interface LocalStudy<P extends Params = Params> extends Study<P> {
  readonly name: string;
  readonly space: SearchSpace<P>;
  readonly goal: Goal;
  /** Adds past evaluations; returns how many. Running ones are left out. Throws OutOfSpaceError, and then adds none. */
  load(trials: readonly PastTrial<P>[]): Promise<number>;
  /** The best complete trial that keeps the outcome constraints; with several objectives by the first of them. */
  best(): Promise<CompleteTrial<P> | undefined>;
  /** The trials that no other beats in every objective; the best alone where there is one objective. */
  pareto(): Promise<readonly CompleteTrial<P>[]>;
  /** Gives a running trial back, so that the next ask gives it out again: what an interrupted worker does. */
  release(number: number): Promise<void>;
  /** Milliseconds between two calls of `renew` while a trial is evaluated; undefined where leases have no end. */
  readonly renewEvery: number | undefined;
  /** Begins the lease of a running trial anew. Throws TrialStateError when another worker has it, or it has ended. */
  renew(number: number): Promise<void>;
  /** Running trials that nobody works on any more: the next asks give them out again. */
  abandoned(): Promise<readonly number[]>;
  /** Running trials that other workers hold. */
  held(): Promise<readonly HeldTrial[]>;
  /** Every event so far; `replay` makes the study's state of them. */
  log(): Promise<readonly StudyEvent[]>;
  /** Records that a crash left unfinished in the storage: what they said, if it was acknowledged at all, is lost. */
  torn(): Promise<readonly TornWrite[]>;
}
