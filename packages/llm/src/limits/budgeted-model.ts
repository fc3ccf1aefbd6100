import { type Awaitable, type Completion, type LanguageModel, StorageError } from '@foothold/core';
import { LanguageModelError } from '../errors.ts';
import { tokenBound } from '../token-bound.ts';
import type { Budget } from './budget.ts';

/**
 * The model, whose calls are made only where their worst case fits the budget: BudgetExceededError where it does not. A call that ended
 * such that nobody knows what it cost (cut off, out of time, stopped) counts with its worst case.
 *
 * Where the end of a call cannot be written, its worst case stays set aside, so that the budget holds. An answer is given all the same: it
 * is paid, and the next reservation throws if it cannot be written either. Where there is no answer, StorageError says so and has the
 * model's error as its `cause`.
 */
export function budgetedModel(model: LanguageModel, budget: Budget): LanguageModel {
  return {
    ...model,
    async complete(request) {
      const worst = tokenBound(request);
      const reservation = await budget.reserve(worst);
      try {
        request.signal?.throwIfAborted();
      } catch (error) {
        await endedAfter(error, () => reservation.release());
        throw error;
      }
      let completion: Completion;
      try {
        completion = await model.complete(request);
      } catch (error) {
        const isPaid = !(error instanceof LanguageModelError) || error.isPaid;
        await endedAfter(error, () => (isPaid ? reservation.settle(worst) : reservation.release()));
        throw error;
      }
      try {
        await reservation.settle(completion.usage);
      } catch (error) {
        if (!(error instanceof StorageError)) throw error;
      }
      return completion;
    },
  };
}

/** Ends a reservation after the call failed with `cause`. */
async function endedAfter(cause: unknown, end: () => Awaitable<void>): Promise<void> {
  try {
    await end();
  } catch (error) {
    throw new StorageError(
      `the budget is not written: ${messageOf(error)}; before that the call failed: ${messageOf(cause)}`,
      { cause },
    );
  }
}

const messageOf = (error: unknown) => (error instanceof Error ? error.message : String(error));
