import type { Sampler } from '@foothold/core';
import { type BayesianOptions, bayesian } from './bayesian.ts';
import { trustRegionBox } from './trust-region-box.ts';

/** `bayesian` inside a box around the best point, which grows after successes and shrinks after failures. Options as of `bayesian`; the box is found from the trials alone, so a study can be resumed. Throws as `bayesian` does. */
export function trustRegion(options: Omit<BayesianOptions, 'searchRegion'>): Sampler {
  return { ...bayesian({ ...options, searchRegion: trustRegionBox }), name: 'trust-region' };
}
