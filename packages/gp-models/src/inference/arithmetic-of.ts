import type { Kernel, LinearAlgebra } from '@foothold/core';
import type { Arithmetic } from './arithmetic.ts';
import { fusedArithmetic } from './fused-arithmetic.ts';

/**
 * Fused arithmetic where the backend lists the kernel's family, else the kernel's own members with the three operations; their
 * code is loaded then.
 */
export async function arithmeticOf(linalg: LinearAlgebra, kernel: Kernel): Promise<Arithmetic> {
  const fused = linalg.stationary;
  const family = kernel.stationary?.family;
  return fused && family !== undefined && fused.families.includes(family)
    ? fusedArithmetic(fused)
    : (await import('./plain-arithmetic.ts')).plainArithmetic(linalg);
}
