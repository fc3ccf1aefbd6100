import type { JobAhead } from './trial-job.ts';
import type { WorkerOptions, WorkerResult } from './worker-options.ts';

/** When the server was gone, in milliseconds of the clock. */
export interface Outages {
  /** When a call was last answered. */
  answered: number;
  /** The same of the first try that failed, until all workers had time to tell what they could not tell; undefined where none failed. */
  since: number | undefined;
  /** When a call was answered after that; undefined while none was. */
  back: number | undefined;
}

/** One worker at work. */
export interface WorkerRun {
  readonly options: WorkerOptions;
  /** The study as this worker sees it. */
  readonly study: ReturnType<WorkerOptions['study']['worker']>;
  /** What each job does, by the job. */
  readonly running: Map<string, Promise<void>>;
  /** Trials whose objective runs here, or whose outcome is being told. */
  readonly evaluating: Set<number>;
  readonly outages: Outages;
  /** Aborted by what `change` waits for. */
  wake: AbortController;
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
  /** How many trials had ended when an ask last found no point; undefined where none has. */
  endedAtExhaustion: number | undefined;
  /** The call, tried again while the server is gone, also while the worker drains: for what must not be lost. */
  keep<T>(call: () => Promise<T>): Promise<T>;
  /** The same until the worker drains: for what a next trial needs. */
  next<T>(call: () => Promise<T>): Promise<T>;
}
