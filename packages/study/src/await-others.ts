import type { Params, Study } from '@foothold/core';
import { trialOf } from './trial-of.ts';

/** Longest wait between two looks, in milliseconds. */
const longest = 1000;

/**
 * Waits for the leases of running trials whose workers cannot be seen from here (another machine or container): until each
 * has run out, has ended or was renewed, which shows that its worker lives. True when one has run out, so that the next
 * ask gives its trial out again; false where there is nothing to wait for, or after `signal` aborts.
 */
export async function awaitOthers<P extends Params>(study: Study<P>, signal: AbortSignal): Promise<boolean> {
  if (!study.held) return false;
  const unseen = async () =>
    new Map(
      (await study.held!()).flatMap(({ number, expiresIn }) =>
        expiresIn === undefined ? [] : [[number, expiresIn]],
      ),
    );
  const before = await unseen();
  while (before.size > 0 && !signal.aborted) {
    const rest = [...before.values()].reduce((a, b) => Math.min(a, b));
    await pause(Math.min(Math.max(rest, 0) + 1, longest), signal);
    const now = await unseen();
    for (const [number, was] of before) {
      const is = now.get(number);
      if (is === undefined) {
        const trial = await trialOf(study, number);
        if (trial?.state === 'running') return !signal.aborted;
        before.delete(number);
      } else if (is > was) before.delete(number);
      else before.set(number, is);
    }
  }
  return false;
}

/**
 * Looks for trials whose workers are gone. True where there is one that was not found before: a lease may run out between the last
 * ask and the look of `awaitOthers`, which then finds nobody to wait for.
 */
export function abandonedLook<P extends Params>(study: Study<P>): () => Promise<boolean> {
  const known = new Set<number>();
  return async () => {
    const found = ((await study.abandoned?.()) ?? []).filter((number) => !known.has(number));
    for (const number of found) known.add(number);
    return found.length > 0;
  };
}

function pause(ms: number, signal: AbortSignal): Promise<void> {
  return new Promise((done) => {
    const end = () => {
      clearTimeout(timer);
      signal.removeEventListener('abort', end);
      done();
    };
    const timer = setTimeout(end, ms);
    signal.addEventListener('abort', end, { once: true });
    if (signal.aborted) end();
  });
}
