import type { Column, Kernel } from '@foothold/core';
import { type KernelOptions, stationaryKernel } from './stationary-kernel.ts';
import type { StationaryProfile } from './stationary-profile.ts';

/** Rasmussen and Williams 2006, "Gaussian Processes for Machine Learning", eq. 4.9. */
export const squaredExponential: StationaryProfile = {
  family: 'rbf',
  value: (t) => Math.exp(-0.5 * t),
  derivative: (t) => -0.5 * Math.exp(-0.5 * t),
};

/**
 * Squared exponential with a lengthscale a column: k = s·exp(−r²/2), infinitely smooth functions.
 * Categorical columns enter r by equality, ordinal ones by their distance on the grid. Throws InvalidArgumentError.
 */
export function rbf(columns: readonly Column[], options: KernelOptions = {}): Kernel {
  return stationaryKernel(squaredExponential, columns, options);
}
