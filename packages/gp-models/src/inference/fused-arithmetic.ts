import { type Kernel, type StationaryAlgebra, UnsupportedError } from '@foothold/core';
import type { Arithmetic } from './arithmetic.ts';

/** Arithmetic by the backend's fused members. The kernel must be stationary. */
export function fusedArithmetic(fused: StationaryAlgebra): Arithmetic {
  return {
    async evidence(kernel, problem, options) {
      const { numbers, gradient } = stationaryOf(kernel);
      const { value, alpha, dOutputScale, dLengthscales, dNoise, dInputs } = await fused.evidence(
        numbers,
        problem,
        options,
      );
      return { value, alpha, dNoise, dInputs, dTheta: gradient({ dOutputScale, dLengthscales }) };
    },
    async factor(kernel, problem) {
      return { x: problem.x, ...(await fused.factor(stationaryOf(kernel).numbers, problem)) };
    },
    predict: async (kernel, fit, points) => fused.predict(stationaryOf(kernel).numbers, fit, points),
    pullback: async (kernel, fit, at) => fused.pullback(stationaryOf(kernel).numbers, fit, at),
  };
}

function stationaryOf(kernel: Kernel) {
  const { stationary, stationaryGradient } = kernel;
  if (!stationary || !stationaryGradient) throw new UnsupportedError('fused arithmetic', 'this kernel');
  return { numbers: stationary, gradient: stationaryGradient };
}
