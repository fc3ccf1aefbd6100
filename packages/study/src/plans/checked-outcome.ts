import { InvalidArgumentError, isReservedName, type Outcome } from '@foothold/core';

/** What a study's goal needs of a complete trial. */
export interface OutcomeNeeds {
  readonly metrics: readonly string[];
  readonly cost?: string | undefined;
}

/**
 * An outcome with nothing in it but what it may have. Throws InvalidArgumentError: a value, standard error or metric that is
 * not finite, a metric that the study's goal needs and does not find, a cost that is not positive, an unknown state.
 */
export function checkedOutcome(outcome: Outcome, needs: OutcomeNeeds): Outcome {
  if (typeof outcome !== 'object' || outcome === null)
    throw new InvalidArgumentError(
      'outcome',
      outcome,
      'an object with a state, such as { state: "complete", value: 0.5 }',
    );
  switch (outcome.state) {
    case 'pruned':
      return { state: 'pruned' };
    case 'failed':
      if (typeof outcome.reason !== 'string')
        throw new InvalidArgumentError('reason', outcome.reason, 'a text that says why the trial failed');
      return { state: 'failed', reason: outcome.reason };
    case 'complete':
      return checkedComplete(outcome, needs);
    default:
      throw new InvalidArgumentError(
        'state',
        (outcome as { state?: unknown }).state,
        '"complete" | "pruned" | "failed"',
      );
  }
}

function checkedComplete(
  { value, standardError, metrics }: Extract<Outcome, { readonly state: 'complete' }>,
  needs: OutcomeNeeds,
): Outcome {
  finite('value', value);
  if (standardError !== undefined && finite('standardError', standardError) < 0)
    throw new InvalidArgumentError('standardError', standardError, 'a number from 0');
  if (metrics !== undefined) refuseMetrics(metrics);
  for (const name of needs.metrics)
    if (!metrics || !Object.hasOwn(metrics, name))
      throw new InvalidArgumentError(
        `metrics.${name}`,
        undefined,
        "a finite number: the study's goal needs it",
      );
  if (needs.cost !== undefined && metrics && metrics[needs.cost]! <= 0)
    throw new InvalidArgumentError(`metrics.${needs.cost}`, metrics[needs.cost], 'a cost above 0');
  return {
    state: 'complete',
    value,
    ...(standardError === undefined ? {} : { standardError }),
    ...(metrics === undefined ? {} : { metrics }),
  };
}

/** Throws InvalidArgumentError unless these are finite numbers by names that an object does not have of itself. */
export function refuseMetrics(metrics: unknown): void {
  if (typeof metrics !== 'object' || metrics === null || Array.isArray(metrics))
    throw new InvalidArgumentError('metrics', metrics, 'an object of finite numbers');
  for (const [name, figure] of Object.entries(metrics)) {
    if (isReservedName(name))
      throw new InvalidArgumentError(
        'a name in metrics',
        name,
        'none that every JavaScript object has (constructor, toString)',
      );
    finite(`metrics.${name}`, figure);
  }
}

function finite(argument: string, value: unknown): number {
  if (typeof value !== 'number' || !Number.isFinite(value))
    throw new InvalidArgumentError(argument, value, 'a finite number');
  return value;
}
