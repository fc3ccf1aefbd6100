/** What `why` says of a model's proposal, in the user's units and direction. */
import {
  type CompleteTrial,
  type Json,
  type Marginals,
  minimizedValues,
  type Params,
  type SampleRequest,
  violationOf,
  type Why,
} from '@foothold/core';

type Goal<P extends Params> = Pick<SampleRequest<P>, 'direction' | 'objectives'>;

/** The mean and standard deviation of the first of these beliefs, before noise. Under several objectives they are of their scalarization. */
export function inUserUnits<P extends Params>(request: Goal<P>, { mean, variance }: Marginals): Why {
  const several = (request.objectives?.length ?? 0) > 1;
  const sign = !several && request.direction === 'minimize' ? -1 : 1;
  return {
    mean: finite(sign * mean[0]!),
    standardDeviation: finite(Math.sqrt(variance[0]!)),
    ...(several && { of: 'a random scalarization of the objectives, to be maximized' }),
  };
}

/** `incumbent`: number and value of the best trial so far; nothing before the first, and under several objectives. */
export function incumbentWhy<P extends Params>(
  request: Pick<SampleRequest<P>, 'trials' | 'direction' | 'objectives' | 'constraints'>,
): Why {
  if ((request.objectives?.length ?? 0) > 1) return {};
  const best = firstRanked(request);
  return best ? { incumbent: { trial: best.number, value: finite(best.value) } } : {};
}

/** The first of `rankedTrials` under one objective: the best that keeps the constraints, else the one that exceeds them least; the first of equals. */
function firstRanked<P extends Params>(
  goal: Pick<SampleRequest<P>, 'trials' | 'direction' | 'objectives' | 'constraints'>,
): CompleteTrial<P> | undefined {
  let best:
    | { readonly trial: CompleteTrial<P>; readonly value: number; readonly violation: number }
    | undefined;
  for (const trial of goal.trials) {
    if (trial.state !== 'complete') continue;
    const value = minimizedValues(goal, trial)[0]!;
    if (!Number.isFinite(value)) continue;
    const violation = violationOf(goal, trial);
    const isBetter =
      !best || violation < best.violation || (violation === 0 && best.violation === 0 && value < best.value);
    if (isBetter) best = { trial, value, violation };
  }
  return best?.trial;
}

/** JSON has no infinities and no NaN: they become null. */
export function finite(value: number): Json {
  return Number.isFinite(value) ? value : null;
}
