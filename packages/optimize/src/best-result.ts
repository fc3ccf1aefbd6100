import {
  type CompleteTrial,
  type Goal,
  InvalidArgumentError,
  type Outcome,
  type Params,
  type Trial,
  violationOf,
} from '@foothold/core';

/**
 * The best trial with its parameters and value at hand. Throws InvalidArgumentError when there is none: where complete trials are and none
 * keeps the limits with the one that comes closest, otherwise with the first failure's reason.
 */
export function bestResult<P extends Params>(
  best: CompleteTrial<P> | undefined,
  trials: readonly Trial<P>[],
  { constraints = [], fidelity }: Pick<Goal, 'constraints' | 'fidelity'> = {},
): { readonly params: P; readonly value: number; readonly best: CompleteTrial<P> } {
  if (best) return { params: best.params, value: best.value, best };
  const complete = trials.filter((t): t is CompleteTrial<P> => t.state === 'complete');
  const compared = fidelity ? complete.filter((t) => t.params[fidelity.name] === fidelity.max) : complete;
  if (compared.length > 0 && constraints.length > 0) throw noneKeeps(compared, constraints);
  const failed = trials.find(
    (t): t is Trial<P> & Extract<Outcome, { state: 'failed' }> => t.state === 'failed',
  );
  const ofPieces = complete.length > 0 && fidelity;
  throw new InvalidArgumentError(
    'objective',
    failed?.reason ?? (ofPieces ? `no training up to ${fidelity.name} ${fidelity.max}` : 'no evaluation'),
    ofPieces
      ? `a function that returns a finite number for at least one training up to ${fidelity.name} ${fidelity.max}`
      : 'a function that returns a finite number for at least one of its evaluations',
  );
}

function noneKeeps(
  complete: readonly CompleteTrial[],
  constraints: NonNullable<Goal['constraints']>,
): InvalidArgumentError {
  const closest = complete.reduce((a, b) =>
    violationOf({ constraints }, b) < violationOf({ constraints }, a) ? b : a,
  );
  const figures = constraints.map(({ metric }) => {
    const figure = metric === 'value' ? closest.value : closest.metrics?.[metric];
    return `${metric} ${figure}`;
  });
  return new InvalidArgumentError(
    'constraints',
    constraints,
    `limits that a complete trial keeps: none of ${complete.length} does, and trial ${closest.number} comes closest with ` +
      `${figures.join(', ')}, value ${closest.value} at ${JSON.stringify(closest.params)}`,
  );
}
