/** A call to evaluate a trial. What the trial is, and how it ended, is in the study's log alone. */
export interface TrialJob {
  readonly id: string;
  /** The trial whose program failed under this job, which now tries it again; undefined where the next trial is asked for. */
  readonly again: number | undefined;
}

/** What a job says, for people who look at the queue: `program` is the one that sent it, with its version. */
export interface TrialCall {
  readonly study: string;
  readonly program: string;
}

/** Calls to evaluate trials, in the order in which they were sent. All throw StorageError, with `retry` where the server does not answer. */
export interface TrialQueue {
  /** Makes sure that so many jobs wait; those that wait already count. */
  fill(count: number): Promise<void>;
  /** Takes a job; undefined where none is due. */
  take(): Promise<TrialJob | undefined>;
  /** Says that the work of these jobs goes on. A job of which this is not said for its heartbeat goes to another worker. */
  beat(jobs: readonly string[]): Promise<void>;
  /** The job's work is done, or there was none. */
  complete(job: string): Promise<void>;
  /**
   * Gives the job back after the program of this trial failed. Returns the milliseconds since 1970 when it is due again, by the clock
   * of the server; undefined where it was given back too often.
   */
  retry(job: string, trial: number): Promise<number | undefined>;
  close(): Promise<void>;
}

/** The job of the next trial, taken while the trials before it run: what is done between two trials is time without work. */
export interface JobAhead {
  /** Takes one in the background, where none is held or on its way. */
  begin(): void;
  /** The job that is held or on its way, which is then no longer held; undefined where there is none. */
  take(): Promise<TrialJob | undefined>;
  /** Of the job that is held: its work goes on. */
  held(): readonly string[];
  /** Lets go of what is held. Never rejects. */
  end(): Promise<void>;
}
