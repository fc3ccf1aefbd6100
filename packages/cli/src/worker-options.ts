import type { LeaseOptions } from '@foothold/study';
import { programName } from './program-name.ts';
import type { RunOptions } from './run-options.ts';

/** What every study of a command that evaluates trials is opened with: the real clock, the leases, the program. */
export function workerOptions({ lease, retries }: Pick<RunOptions, 'lease' | 'retries'>): {
  readonly clock: () => number;
  readonly lease: LeaseOptions;
  readonly program: string;
} {
  return { clock: () => Date.now(), lease: { ms: lease * 1000, retries }, program: programName() };
}
