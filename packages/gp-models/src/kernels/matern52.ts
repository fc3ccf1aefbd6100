import type { Column, Kernel } from '@foothold/core';
import { ardKernel, type KernelOptions } from './ard-kernel.ts';

/**
 * Matérn-5/2 with a lengthscale a column: k = s·(1 + √5 r + 5r²/3)·exp(−√5 r), twice differentiable functions.
 * Categorical columns enter r by equality, ordinal ones by their distance on the grid. Throws InvalidArgumentError.
 */
export function matern52(columns: readonly Column[], options: KernelOptions = {}): Kernel {
  return ardKernel('matern52', columns, options);
}
