import { retryWait } from './patiently.ts';
import { pause } from './pause.ts';
import type { WorkerRun } from './worker-run.ts';

/**
 * To be awaited before trials are taken whose leases ran out. What is late comes first: a renewal that waited while an objective kept this
 * process busy, and after the server was gone the outcomes and renewals of all workers, who could tell nothing meanwhile. These try every
 * third of a lease, or every `retryWait`; a server that was gone for less than that third ended no lease. Throws StorageError, with `retry`,
 * while the server is gone.
 */
export async function lateFirst({
  outages,
  options,
  study,
  drain,
}: Pick<WorkerRun, 'options' | 'study' | 'outages' | 'drain'>): Promise<void> {
  const third = options.lease.ms / 3;
  while (outages.since !== undefined && !drain.aborted) {
    const { since } = outages;
    if (outages.back === undefined) await study.held(); // throws while the server is gone
    outages.back ??= options.clock();
    const { back } = outages;
    const rest = back - since > third ? back + third + retryWait - options.clock() : 0;
    if (rest > 0) await pause(rest, drain);
    if (outages.back === back) outages.since = undefined;
  }
  await new Promise<void>((done) => setTimeout(done));
}
