import type { Params, Study } from '@foothold/core';
import { trialOf } from '../run/trial-of.ts';

/**
 * Waits for the leases of running trials whose workers cannot be seen from here (another machine or container): until each
 * has run out, has ended or was renewed, which shows that its worker lives. True when one has run out, so that the next
 * ask gives its trial out again; false where there is nothing to wait for, or after `signal` aborts. `known` gets the trials that were
 * found without a worker: each counts once, because a limit may keep it from being asked.
 */
export async function awaitOthers<P extends Params>(
  study: Study<P>,
  signal: AbortSignal,
  known: Set<number>,
): Promise<boolean> {
  if (!study.held) return false;
  const unseen = async () =>
    new Map(
      (await study.held!()).flatMap(({ number, expiresIn }) =>
        expiresIn === undefined ? [] : [[number, expiresIn]],
      ),
    );
  const before = await unseen();
  if (before.size > 0) {
    const { leaseRanOut } = await import('./lease-ran-out.ts');
    const isRunning = async (number: number) => (await trialOf(study, number))?.state === 'running';
    if (await leaseRanOut(before, { unseen, isRunning, signal })) return !signal.aborted;
  }
  // A lease may have run out between the last ask and the look above.
  const left = (!signal.aborted && (await study.abandoned?.())) || [];
  return left.some((number) => !known.has(number) && known.add(number));
}
