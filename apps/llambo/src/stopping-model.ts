import type { LanguageModel } from '@foothold/core';
import { BudgetExceededError, LanguageModelError, type LanguageModelFailure } from '@foothold/llm';
import { BudgetSpentError } from './budget-spent-error.ts';

export interface StoppingModel {
  readonly model: LanguageModel;
  /** Aborted with the reason when the run has to end: samplers that go on without a model would hide it. */
  readonly stopped: AbortSignal;
  /** Resolves when no call runs any more. */
  idle(): Promise<void>;
}

/** What no later call mends, after the retries: the endpoint is gone, or refuses. */
const lasting: ReadonlySet<LanguageModelFailure> = new Set([
  'missing-key',
  'unauthorized',
  'unknown-model',
  'unreachable',
]);

/**
 * The model, for which a spent budget, an endpoint that is gone and files that cannot be written end the run and all other calls: samplers would go on without it, and the
 * arm would be no measurement of the model.
 */
export function stoppingModel(inner: LanguageModel): StoppingModel {
  const stop = new AbortController();
  const running = new Set<Promise<unknown>>();
  const model: LanguageModel = {
    ...inner,
    async complete(request) {
      const signal = request.signal ? AbortSignal.any([request.signal, stop.signal]) : stop.signal;
      const call = Promise.resolve(inner.complete({ ...request, signal }));
      running.add(call);
      try {
        return await call;
      } catch (error) {
        // A ledger or a cache that cannot be written ends it too.
        const isLasting = error instanceof LanguageModelError ? lasting.has(error.failure) : !signal.aborted;
        if (!(error instanceof BudgetExceededError)) {
          if (isLasting) stop.abort(error);
          throw error;
        }
        const flag = error.unit === 'cost' ? '--max-cost' : '--max-tokens';
        const message = `${error.message}; a larger ${flag} goes on from here`;
        stop.abort(new BudgetSpentError(message, { cause: error }));
        throw stop.signal.reason;
      } finally {
        running.delete(call);
      }
    },
  };
  return {
    model,
    stopped: stop.signal,
    idle: async () => {
      await Promise.allSettled(running);
    },
  };
}
