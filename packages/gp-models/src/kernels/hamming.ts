import { type Column, InvalidArgumentError, type Kernel } from '@foothold/core';
import { squaredExponential } from './rbf.ts';
import { type KernelOptions, stationaryKernel } from './stationary-kernel.ts';

/**
 * Kernel of the categorical columns alone: k = s·exp(−½ Σⱼ [aⱼ ≠ bⱼ]/ℓⱼ²), for sums and products with others.
 * Throws InvalidArgumentError when no column is categorical.
 */
export function hamming(columns: readonly Column[], options: Omit<KernelOptions, 'active'> = {}): Kernel {
  const active = columns.flatMap((column, i) => (column.kind === 'categorical' ? [i] : []));
  if (active.length === 0)
    throw new InvalidArgumentError('columns', columns, 'at least one categorical column');
  return stationaryKernel(squaredExponential, columns, { ...options, active });
}
