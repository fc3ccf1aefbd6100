import { InvalidArgumentError, type Outcome, type Params, type Trial } from '@foothold/core';
import type { CompleteTrial } from '@foothold/study';

/** The best trial with its parameters and value at hand. Throws InvalidArgumentError, with the first failure's reason, when there is none. */
export function bestResult<P extends Params>(
  best: CompleteTrial<P> | undefined,
  trials: readonly Trial<P>[],
): { readonly params: P; readonly value: number; readonly best: CompleteTrial<P> } {
  if (best) return { params: best.params, value: best.value, best };
  const failed = trials.find(
    (t): t is Trial<P> & Extract<Outcome, { state: 'failed' }> => t.state === 'failed',
  );
  throw new InvalidArgumentError(
    'objective',
    failed?.reason ?? 'no evaluation',
    'a function that returns a finite number for at least one of its evaluations',
  );
}
