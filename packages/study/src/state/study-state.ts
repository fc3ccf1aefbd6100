import type { Attributes, DeletedTrial, Json, Lease, Params, Report, Trial } from '@foothold/core';
import type { Claims } from '../ask/claims.ts';
import type { EditableState } from '../edits/study-edits.ts';
import type { LeaseIndex } from '../leases/lease-index.ts';
import type { EventOf } from '../log/event-of.ts';
import type { TrialWatcher } from './trial-watcher.ts';

/** What a log says: the study's state is this fold and nothing else. */
export interface StudyState<P extends Params = Params> extends EditableState {
  /** The first event; absent while the log is empty. */
  readonly created?: EventOf<'created'>;
  /**
   * In order of their numbers, without deleted ones. A trial whose lease expired is still running: the next ask gives it out
   * again.
   */
  readonly trials: readonly Trial<P>[];
  /** Positions of the events that have the newest output of trials, by the trials' numbers. */
  readonly outputs: ReadonlyMap<number, number>;
  /** Deleted trials by their numbers. */
  readonly deleted: ReadonlyMap<number, DeletedTrial<P>>;
  /** How many numbers of trials were given: the next one. */
  readonly count: number;
  /** How often a trial was deleted or restored. */
  readonly deletions: number;
  /** Parameters that wait to be asked before the sampler is: all of a trial, or some. */
  readonly queue: readonly Partial<P>[];
  /** Who works on the running trials, in any order. */
  readonly leases: ReadonlyMap<number, Lease>;
  /** Workers that are choosing a trial. */
  readonly claims: Claims;
  /** How often the worker of a running trial was silent or ended, so that it was asked again; absent for none. */
  readonly lostLeases: ReadonlyMap<number, number>;
  /** The attributes and the note of the study itself. */
  readonly attributes?: Attributes;
  readonly note?: string;
  /** What makes the suggestions, as the last `configured` says; absent before the first. */
  readonly configured?: Pick<EventOf<'configured'>, 'sampler' | 'program'>;
  /** How trials are evaluated, as the last `described` says; absent before the first. */
  readonly facts?: { readonly [key: string]: Json };
  /** Number of events. */
  readonly length: number;
}

/** The state of a fold that goes on: `trials`, `queue` and the others change with each event. */
export interface LiveState<P extends Params = Params> extends StudyState<P> {
  /** The trial of this number; undefined where there is none, or it is deleted. */
  trial(number: number): Trial<P> | undefined;
  /** How many of the trials were loaded. */
  readonly loaded: number;
  /**
   * Numbers of the trials that ended, in the order of the log; again where one ended again, or was deleted or restored after it had ended.
   * It only grows.
   */
  readonly endings: readonly number[];
  /** Numbers of the running trials, in any order. */
  readonly running: ReadonlySet<number>;
  /** What a running trial has reported at this step. */
  reportAt(number: number, step: number): Report | undefined;
  /** The newest output of a trial, where its lines are still known; the log has it at the position that `outputs` says. */
  outputLines(number: number): readonly string[] | undefined;
  /** The running trials by their leases. */
  leaseIndex(): LeaseIndex;
  /** The watcher hears of every change of a trial from now on. */
  watch(watcher: TrialWatcher): void;
}
