import type { Column, Kernel } from '@foothold/core';
import { ardKernel, type KernelOptions } from './ard-kernel.ts';

/**
 * Squared exponential with a lengthscale a column: k = s·exp(−r²/2), infinitely smooth functions.
 * Categorical columns enter r by equality, ordinal ones by their distance on the grid. Throws InvalidArgumentError.
 */
export function rbf(columns: readonly Column[], options: KernelOptions = {}): Kernel {
  return ardKernel('rbf', columns, options);
}
