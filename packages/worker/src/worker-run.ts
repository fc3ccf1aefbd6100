import type { JobAhead } from './trial-job.ts';
import type { WorkerOptions, WorkerResult } from './worker-options.ts';

/** One worker at work. */
export interface WorkerRun {
  readonly options: WorkerOptions;
  /** The study as this worker sees it. */
  readonly study: ReturnType<WorkerOptions['study']['worker']>;
  /** What each job does, by the job. */
  readonly running: Map<string, Promise<void>>;
  /** What is left to do of trials that have ended. */
  readonly ending: Set<Promise<void>>;
  /** Slots without a trial, the lowest last. */
  readonly free: number[];
  readonly ahead: JobAhead;
  /** No trial begins any more. */
  readonly drain: AbortSignal;
  readonly failed: { readonly error: unknown }[];
  finished: number;
  end: WorkerResult['stopped'] | undefined;
  isPaused: boolean;
  /** The call, tried again while the server is gone, also while the worker drains: for what must not be lost. */
  keep<T>(call: () => Promise<T>): Promise<T>;
  /** The same until the worker drains: for what a next trial needs. */
  next<T>(call: () => Promise<T>): Promise<T>;
}
