import type { Completion, CompletionRequest, LanguageModel } from '@foothold/core';
import { adviserFailure } from '../adviser-failure.ts';
import { LanguageModelError } from '../errors.ts';

/** What came of one request: a completion, or why there is none. */
export type Completed =
  | { readonly completion: Completion }
  | {
      readonly failure: string;
      /** Whether the provider does not take such a request. */
      readonly isRefused: boolean;
    };

/**
 * The completions of all requests, at the same time: the model holds the limits. A failure of the model is an answer; throws the reason of
 * the signal, and errors that are not the model's.
 */
export async function completeAll(
  model: LanguageModel,
  requests: readonly CompletionRequest[],
): Promise<readonly Completed[]> {
  return Promise.all(
    requests.map(async (request): Promise<Completed> => {
      try {
        return { completion: await model.complete(request) };
      } catch (error) {
        request.signal?.throwIfAborted();
        const failure = adviserFailure(error);
        if (failure === undefined) throw error;
        return {
          failure,
          isRefused: error instanceof LanguageModelError && error.failure === 'refused',
        };
      }
    }),
  );
}
