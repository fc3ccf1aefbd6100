import { type LinearAlgebra, type Matrix, matrix } from '@foothold/core';

/** (L·Lᵀ)⁻¹ y. */
export async function choleskySolve(
  linalg: LinearAlgebra,
  l: Matrix,
  y: Float64Array,
): Promise<Float64Array> {
  const half = await linalg.solveTriangular(l, matrix(y.length, 1, y));
  return (await linalg.solveTriangular(l, half, { transpose: true })).data;
}
