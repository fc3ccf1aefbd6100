import type { Storage } from '@foothold/core';

/** Which trials each worker has, or had until another one took them. */
export interface LeaseHistory {
  /** Numbers of the trials that are this worker's, or that others have taken from it. */
  heldBy(owner: string): Promise<readonly number[]>;
}

/**
 * Reads it from the study's log, each event once: a server that was started again still knows whose trials run, and a client whose
 * trial went to another worker is told so.
 */
export function leaseHistory(storage: Storage, study: string): LeaseHistory {
  let position = 0;
  const owners = new Map<number, { readonly all: Set<string>; last: string; isOver: boolean }>();
  let last: Promise<unknown> = Promise.resolve();
  const readOn = async () => {
    const events = await storage.read(study, position);
    position += events.length;
    for (const event of events)
      if (event.type === 'asked') {
        const { owner } = event.lease;
        const trial = owners.get(event.number);
        if (trial) {
          trial.all.add(owner);
          trial.last = owner;
        } else owners.set(event.number, { all: new Set([owner]), last: owner, isOver: false });
      } else if (event.type === 'told' || event.type === 'reopened') {
        const trial = owners.get(event.number);
        if (trial) trial.isOver = event.type === 'told';
      }
  };
  return {
    heldBy(owner) {
      const result = last.then(async () => {
        await readOn();
        return [...owners].flatMap(([number, trial]) =>
          trial.all.has(owner) && !(trial.isOver && trial.last === owner) ? [number] : [],
        );
      });
      last = result.catch(() => undefined);
      return result;
    },
  };
}
