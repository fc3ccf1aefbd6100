import { TrialStateError } from '@foothold/core';
import type { LocalStudy } from '@foothold/study';

/** Keeps the leases of the trials that a conversation has asked for and not told. */
export interface LeaseRenewal {
  began(number: number): void;
  ended(number: number): void;
  /** Numbers of these trials. */
  numbers(): readonly number[];
  /** No lease is renewed any more: the trials go to other workers when theirs run out. */
  stop(): void;
}

/** The renewal of a study's leases, three times in each of them; it does nothing for a study whose leases have no end. */
export function leaseRenewal(study: Pick<LocalStudy, 'renew' | 'renewEvery'>): LeaseRenewal {
  const numbers = new Set<number>();
  const renew = async () => {
    for (const number of numbers)
      await study.renew(number).catch((error: unknown) => {
        // Another worker has it, or it has ended. A storage that is busy now may take the next renewal.
        if (error instanceof TrialStateError) numbers.delete(number);
      });
  };
  const { renewEvery } = study;
  const timer =
    renewEvery === undefined ? undefined : setInterval(() => void renew(), Math.min(renewEvery, 2 ** 31 - 1));
  // On Node a timer keeps the process alive; in browsers it is a number.
  (timer as { unref?(): void } | undefined)?.unref?.();
  return {
    began: (number) => {
      numbers.add(number);
    },
    ended: (number) => {
      numbers.delete(number);
    },
    numbers: () => [...numbers],
    stop: () => clearInterval(timer),
  };
}
