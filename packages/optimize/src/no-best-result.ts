import {
  type CompleteTrial,
  type Goal,
  InvalidArgumentError,
  type Outcome,
  type Trial,
  violationOf,
} from '@foothold/core';

/**
 * Why a run has no best trial: where complete trials are and none keeps the limits with the one that comes closest, otherwise with the
 * first failure's reason.
 */
export function noBestResult(
  trials: readonly Trial[],
  { constraints = [], fidelity }: Pick<Goal, 'constraints' | 'fidelity'>,
): InvalidArgumentError {
  const complete = trials.filter((t): t is CompleteTrial => t.state === 'complete');
  const compared = fidelity ? complete.filter((t) => t.params[fidelity.name] === fidelity.max) : complete;
  if (compared.length > 0 && constraints.length > 0) return noneKeeps(compared, constraints);
  const failed = trials.find((t): t is Trial & Extract<Outcome, { state: 'failed' }> => t.state === 'failed');
  const ofPieces = complete.length > 0 && fidelity;
  return new InvalidArgumentError(
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
