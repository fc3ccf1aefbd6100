import type { Storage, StudyEvent } from '@foothold/core';
import { oneByOne } from '@foothold/study';

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
  /** Trials by those who have them, or had them until another worker did. */
  const held = new Map<string, Set<number>>();
  /** The last owner of each trial that runs or has failed: it may run again. */
  const last = new Map<number, string>();
  const add = (owner: string, number: number) => {
    const numbers = held.get(owner) ?? new Set();
    held.set(owner, numbers.add(number));
  };
  const end = (number: number, isFailed: boolean) => {
    const owner = last.get(number);
    if (owner === undefined) return;
    if (!isFailed) last.delete(number);
    const numbers = held.get(owner);
    numbers?.delete(number);
    if (numbers?.size === 0) held.delete(owner);
  };
  const take = (event: StudyEvent) => {
    if (event.type === 'asked') {
      last.set(event.number, event.lease.owner);
      add(event.lease.owner, event.number);
    } else if (event.type === 'told') end(event.number, event.outcome.state === 'failed');
    else if (event.type === 'reopened') {
      const owner = last.get(event.number);
      if (owner !== undefined) add(owner, event.number);
    }
  };
  const inTurn = oneByOne();
  return {
    heldBy: (owner) =>
      inTurn(async () => {
        const events = await storage.read(study, position);
        position += events.length;
        for (const event of events) take(event);
        return [...(held.get(owner) ?? [])];
      }),
  };
}
