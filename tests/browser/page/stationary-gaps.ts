import { type LinearAlgebra, matrix, type StationaryKernel, type StationaryProblem } from '@foothold/core';
import { cpu } from '@foothold/linalg';
import { drawsOf, gapOf } from './draws.ts';

const n = 75;
const kernel: StationaryKernel = {
  family: 'matern52',
  outputScale: 1.4,
  lengthscales: Float64Array.of(0.5, 0.9),
  categorical: Uint8Array.of(0, 0),
};

/** The Matérn-5/2 covariance of two points by its formula. */
function covariance(a: Float64Array, b: Float64Array): number {
  let square = 0;
  for (let c = 0; c < 2; c++) square += ((a[c]! - b[c]!) / kernel.lengthscales[c]!) ** 2;
  const t = Math.sqrt(5 * square);
  return kernel.outputScale * (1 + t + (t * t) / 3) * Math.exp(-t);
}

/** The fused members of a backend against the same quantities from `cpu` and from central differences. */
export async function stationaryGaps({ stationary }: LinearAlgebra) {
  if (!stationary) return undefined;
  const problem: StationaryProblem = {
    x: matrix(n, 2, drawsOf(2 * n)),
    y: drawsOf(n),
    noise: new Float64Array(n).fill(0.01),
  };
  const row = (i: number) => problem.x.data.subarray(2 * i, 2 * i + 2);
  const k = matrix(n, n);
  for (let i = 0; i < n; i++)
    for (let j = 0; j < n; j++) k.data[i * n + j] = covariance(row(i), row(j)) + (i === j ? 0.01 : 0);
  const l = cpu.cholesky(k);
  const whitened = cpu.solveTriangular(l, matrix(n, 1, problem.y));
  const alpha = cpu.solveTriangular(l, whitened, { transpose: true }).data;
  let evidence = 0;
  whitened.data.forEach((z, i) => {
    evidence -= 0.5 * (z * z + Math.log(2 * Math.PI)) + Math.log(l.data[i * n + i]!);
  });

  const got = await stationary.evidence(kernel, problem);
  const step = 1e-5;
  const at = async (shift: number) =>
    (
      await stationary.evidence(
        { ...kernel, lengthscales: kernel.lengthscales.map((v, c) => (c === 0 ? v + shift : v)) },
        problem,
      )
    ).value;
  const difference = ((await at(step)) - (await at(-step))) / (2 * step);

  const fit = await stationary.factor(kernel, problem);
  const point = Float64Array.of(0.3, 0.6);
  const { mean, variance } = await stationary.predict(kernel, { x: problem.x, ...fit }, matrix(1, 2, point));
  const cross = matrix(
    n,
    1,
    Float64Array.from({ length: n }, (_, i) => covariance(row(i), point)),
  );
  const explained = cpu.solveTriangular(l, cross).data.reduce((sum, v) => sum + v * v, 0);
  return {
    factor: gapOf(fit.factor.data, l.data),
    evidence: Math.abs(got.value / evidence - 1),
    gradient: Math.abs(got.dLengthscales[0]! / difference - 1),
    mean: Math.abs(mean[0]! - cross.data.reduce((sum, v, i) => sum + v * alpha[i]!, 0)),
    variance: Math.abs(variance[0]! - (kernel.outputScale - explained)),
  };
}
