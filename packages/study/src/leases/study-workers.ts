import type { Lease } from '@foothold/core';
import type { StudyState } from '../state/study-state.ts';
import { processRuns } from './process-name.ts';

/** Who holds a running trial. */
export interface StudyWorker {
  /** The trial's number. */
  readonly number: number;
  readonly owner: string;
  /** Undefined where it cannot be known: a process of another machine or container. */
  readonly isAlive: boolean | undefined;
}

export interface WorkerOptions {
  /** Whether an owner runs, undefined where that cannot be known. Default: by the processes of this machine. */
  readonly alive?: ((owner: string) => boolean | undefined) | undefined;
  /** Milliseconds of the clock that the study's workers share; a lease that ended before it has no worker. */
  readonly now?: number | undefined;
}

/** Workers of the running trials, by the trials' numbers. */
export function studyWorkers(
  { leases }: Pick<StudyState, 'leases'>,
  { alive = processRuns, now }: WorkerOptions = {},
): readonly StudyWorker[] {
  return [...leases]
    .sort(([a], [b]) => a - b)
    .map(([number, lease]) => ({
      number,
      owner: lease.owner,
      isAlive: isAlive(lease, alive(lease.owner), now),
    }));
}

function isAlive({ until }: Lease, runs: boolean | undefined, now: number | undefined): boolean | undefined {
  if (runs !== undefined) return runs;
  return until !== undefined && now !== undefined && until < now ? false : undefined;
}
