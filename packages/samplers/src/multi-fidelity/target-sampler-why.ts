import type { Why } from '@foothold/core';

/**
 * The `why` of a target sampler's proposal: its own under `targetSampler`, beside what led to its turn. What was said of the candidate that it
 * replaces (the prediction, the acquisition's value, the training) is left out: it is not of this trial.
 */
export function whyOfTargetSampler(replaced: Why, own: Why | undefined): Why {
  const { prediction: _, acquisition: __, training: ___, ...rest } = replaced;
  return { ...rest, ...(own && { targetSampler: own }) };
}
