import type { LanguageModel } from '@foothold/core';
import { type Clock, systemClock } from '../clock.ts';
import { LanguageModelError } from '../errors.ts';
import { positive } from '../positive.ts';

/**
 * The model, whose calls end after `limit` milliseconds with a LanguageModelError ('time-limit'), even where it does not heed the
 * signal. Throws InvalidArgumentError for a limit that is no number above 0.
 */
export function timeLimitedModel(
  model: LanguageModel,
  { limit, clock = systemClock }: { readonly limit: number; readonly clock?: Clock | undefined },
): LanguageModel {
  positive('timeLimit', limit);
  const within = async <T>(
    call: (signal: AbortSignal) => T,
    outer: AbortSignal | undefined,
  ): Promise<Awaited<T>> => {
    outer?.throwIfAborted();
    const inner = new AbortController();
    const timer = new AbortController();
    const error = new LanguageModelError('time-limit', `no answer within ${limit} ms`, { model: model.name });
    const onAbort = () => inner.abort(outer!.reason);
    outer?.addEventListener('abort', onAbort, { once: true });
    const ended = new Promise<never>((_, reject) => {
      inner.signal.addEventListener('abort', () => reject(inner.signal.reason), { once: true });
    });
    clock.sleep(limit, timer.signal).then(
      () => inner.abort(error),
      () => undefined,
    );
    try {
      const answer = Promise.resolve(call(inner.signal));
      return await Promise.race([answer, ended]);
    } finally {
      timer.abort();
      outer?.removeEventListener('abort', onAbort);
    }
  };
  const { check } = model;
  return {
    name: model.name,
    complete: (request) => within((signal) => model.complete({ ...request, signal }), request.signal),
    ...(check && { check: (options) => within((signal) => check({ signal }), options?.signal) }),
  };
}
