import type { Awaitable, TokenUsage } from '@foothold/core';

/**
 * Where a call sets its worst case aside before it is made: a `Ledger` in memory, or an account in a file or a log, which a process that is
 * killed cannot forget and that several processes can share.
 */
export interface Budget {
  /** Sets the worst case of a request aside. Throws BudgetExceededError where it does not fit what is left. */
  reserve(worst: TokenUsage): Awaitable<BudgetReservation>;
}

/** Ended once, by one of both. Where that throws, the worst case stays set aside. */
export interface BudgetReservation {
  /** The request used these. */
  settle(usage: TokenUsage): Awaitable<void>;
  /** The request was not made, or the provider did no work. */
  release(): Awaitable<void>;
}
