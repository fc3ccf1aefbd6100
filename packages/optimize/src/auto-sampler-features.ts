import type { Feature } from '@foothold/core';

/** What the default sampler handles beyond plain boxes. */
export const autoSamplerFeatures: readonly Feature[] = [
  'conditional',
  'input-constraints',
  'fixed',
  'outcome-constraints',
  'several-objectives',
  'cost',
  'known-noise',
  'continuous',
];
