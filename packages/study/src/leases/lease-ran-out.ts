/** Longest wait between two looks, in milliseconds. */
const longest = 1000;

/** Milliseconds until the leases of trials run out, by their numbers. */
type Rests = ReadonlyMap<number, number>;

/**
 * Waits until each of these leases has run out, has ended or was renewed, or until the signal aborts. True where one has run out and
 * its trial still runs.
 */
export async function leaseRanOut(
  leases: Rests,
  {
    unseen,
    isRunning,
    signal,
  }: {
    /** The leases as they are now. */
    readonly unseen: () => Promise<Rests>;
    readonly isRunning: (number: number) => Promise<boolean>;
    readonly signal: AbortSignal;
  },
): Promise<boolean> {
  const before = new Map(leases);
  while (before.size > 0 && !signal.aborted) {
    const rest = [...before.values()].reduce((a, b) => Math.min(a, b));
    await pause(Math.min(Math.max(rest, 0) + 1, longest), signal);
    const now = await unseen();
    for (const [number, was] of before) {
      const is = now.get(number);
      if (is === undefined) {
        if (await isRunning(number)) return true;
        before.delete(number);
      } else if (is > was) before.delete(number);
      else before.set(number, is);
    }
  }
  return false;
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
