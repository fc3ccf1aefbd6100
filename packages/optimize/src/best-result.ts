import type { CompleteTrial, Goal, Params, Trial } from '@foothold/core';

/** The best trial with its parameters and value at hand. Throws InvalidArgumentError when there is none; the reason is loaded then. */
export async function bestResult<P extends Params>(
  best: CompleteTrial<P> | undefined,
  trials: readonly Trial<P>[],
  goal: Pick<Goal, 'constraints' | 'fidelity'> = {},
): Promise<{ readonly params: P; readonly value: number; readonly best: CompleteTrial<P> }> {
  if (best) return { params: best.params, value: best.value, best };
  throw (await import('./no-best-result.ts')).noBestResult(trials as readonly Trial[], goal);
}
