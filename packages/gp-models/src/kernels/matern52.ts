import type { Column, Kernel } from '@foothold/core';
import { type KernelOptions, stationaryKernel } from './stationary-kernel.ts';
import type { StationaryProfile } from './stationary-profile.ts';

/** Rasmussen and Williams 2006, "Gaussian Processes for Machine Learning", eq. 4.17; z = √5 r. */
const profile: StationaryProfile = {
  family: 'matern52',
  value(t) {
    const z = Math.sqrt(5 * t);
    const decay = Math.exp(-z);
    return decay === 0 ? 0 : (1 + z + (z * z) / 3) * decay;
  },
  derivative(t) {
    const z = Math.sqrt(5 * t);
    const decay = Math.exp(-z);
    return decay === 0 ? 0 : (-5 / 6) * (1 + z) * decay;
  },
};

/**
 * Matérn-5/2 with a lengthscale a column: k = s·(1 + √5 r + 5r²/3)·exp(−√5 r), twice differentiable functions.
 * Categorical columns enter r by equality, ordinal ones by their distance on the grid. Throws InvalidArgumentError.
 */
export function matern52(columns: readonly Column[], options: KernelOptions = {}): Kernel {
  return stationaryKernel(profile, columns, options);
}
