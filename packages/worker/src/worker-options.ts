import type { Params, Trial } from '@foothold/core';
import type { LeaseOptions, ObjectiveFunction, SharedStudy, TrainingBudget } from '@foothold/study';
import type { TrialQueue } from './trial-job.ts';

export interface WorkerOptions {
  readonly study: SharedStudy;
  readonly queue: TrialQueue;
  readonly objective: ObjectiveFunction<Params>;
  /** Trials of the study in all, by all workers; or what its trials may cost together, where they are pieces of training. */
  readonly trials: number | TrainingBudget;
  /** Trials at a time in this worker; each has a slot from 0. */
  readonly concurrency: number;
  /** Of the trials that this worker has. */
  readonly lease: LeaseOptions & { readonly ms: number };
  /** How often a trial whose objective failed is tried again. */
  readonly failures: number;
  /** Seconds, as the queue has it. */
  readonly heartbeat: number;
  /** Milliseconds since 1970, as of the study. */
  readonly clock: () => number;
  /** Whether no trial is to begin now, at any worker. */
  readonly isPaused: () => Promise<boolean>;
  /**
   * Whether this machine has what an evaluation needs, such as a disk: awaited before each, and after one that failed. Where it rejects, the
   * trial is given back, a failure of it counts for nothing, and the worker ends with what was thrown, after what runs. Default: it has.
   */
  readonly ready?: (() => Promise<void>) | undefined;
  /** No trial begins any more, and what runs ends. */
  readonly drain: AbortSignal;
  /** What runs gets its signal, and is given back. What waits for a server is given up. */
  readonly stop: AbortSignal;
  /** What is kept of the reason of a failure, such as without secrets. Default: all of it. */
  readonly textOf?: ((reason: string) => string) | undefined;
  /** Told of each trial that ended here, with its outcome; its reports may be missing. */
  readonly onTrial: (trial: Trial<Params>) => void;
  /** Told what a person should know, a clause. */
  readonly onNote: (text: string) => void;
}

export interface WorkerResult {
  /** Trials that ended here. */
  readonly finished: number;
  /** `exhausted`: every point of the space has been evaluated. */
  readonly stopped: 'trials' | 'exhausted' | 'drain' | 'stop';
}
