import type { Column, Kernel } from '@foothold/core';
import { type KernelOptions, stationaryKernel } from './stationary-kernel.ts';
import type { StationaryProfile } from './stationary-profile.ts';

/** Rasmussen and Williams 2006, "Gaussian Processes for Machine Learning", eq. 4.17; z = √3 r. */
const profile: StationaryProfile = {
  family: 'matern32',
  value(t) {
    const z = Math.sqrt(3 * t);
    const decay = Math.exp(-z);
    return decay === 0 ? 0 : (1 + z) * decay;
  },
  derivative: (t) => -1.5 * Math.exp(-Math.sqrt(3 * t)),
};

/**
 * Matérn-3/2 with a lengthscale a column: k = s·(1 + √3 r)·exp(−√3 r), once differentiable functions: rougher than those of
 * Matérn-5/2. Categorical columns enter r by equality, ordinal ones by their distance on the grid. Throws InvalidArgumentError.
 */
export function matern32(columns: readonly Column[], options: KernelOptions = {}): Kernel {
  return stationaryKernel(profile, columns, options);
}
