import type { StationaryKernel, StationaryProblem } from '@foothold/core';
import { type Engine, panelsOf, pivotError } from './engine.ts';
import { familyCode } from './stationary-families.ts';
import { inputBytes, inputGradient, problemLayout, writeProblem } from './stationary-layout.ts';

/** log 2π */
const logTwoPi = 1.8378770664093453;

/** The factor of the noisy covariance, which stays in linear memory too, and alpha. */
export function factor(engine: Engine, kernel: StationaryKernel, problem: StationaryProblem) {
  const { heap, assembly, space, keep, download, scratch } = engine;
  const n = problem.x.rows;
  const d = kernel.lengthscales.length;
  const layout = problemLayout(n, d);
  const panels = space(n);
  try {
    const alpha = scratch(layout.end, (at) => {
      const { ordinary, weights } = writeProblem(engine, kernel, { problem, at });
      const failed = assembly.stationaryFactor(
        ...[at + layout.x, n, d, ordinary, weights, familyCode(kernel.family), kernel.outputScale],
        ...[at + layout.noise, at + layout.y, panels.at, panels.inverse],
      );
      if (failed > 0) throw pivotError(heap, panels.inverse, failed - 1);
      return heap.numbers().slice((at + layout.y) / 8, (at + layout.y) / 8 + n);
    });
    const l = download(panels);
    keep(l, panels);
    return { factor: l, alpha };
  } catch (error) {
    heap.release(panels.at);
    throw error;
  }
}

/** The log evidence, alpha and all derivatives in one call. */
export function evidence(
  engine: Engine,
  kernel: StationaryKernel,
  problem: StationaryProblem & { readonly inputs: boolean },
) {
  const n = problem.x.rows;
  const d = kernel.lengthscales.length;
  const count = panelsOf(n);
  const triangle = 64 * count * (count + 1);
  const layout = problemLayout(n, d);
  const inverse = layout.end;
  const fit = inverse + 32 * count;
  const sums = fit + 16;
  const dx = sums + 16 * d;
  const l = (dx + (problem.inputs ? inputBytes(n, d) : 0) + 63) & ~63;
  const end = l + 3 * triangle;
  return engine.scratch(end, (at) => {
    const { ordinary, weights, kernelColumns } = writeProblem(engine, kernel, { problem, at });
    const failed = engine.assembly.stationaryEvidence(
      ...[at + layout.x, n, d, ordinary, weights, familyCode(kernel.family), kernel.outputScale],
      ...[at + layout.noise, at + layout.y, at + l, at + inverse, at + l + triangle, at + l + 2 * triangle],
      ...[at + fit, at + sums, problem.inputs ? at + dx : 0],
    );
    if (failed > 0) throw pivotError(engine.heap, at + inverse, failed - 1);
    const numbers = engine.heap.numbers();
    const alpha = numbers.slice((at + layout.y) / 8, (at + layout.y) / 8 + n);
    let value = -0.5 * (numbers[(at + fit) / 8]! + n * logTwoPi);
    const pivots = (at + inverse) / 8;
    for (let i = 0; i < n; i++) value += Math.log(numbers[pivots + i]!);
    const dNoise = new Float64Array(n);
    let trace = 0;
    // tr((ααᵀ − K⁻¹)·k(x, x)) = yᵀα − n − tr((ααᵀ − K⁻¹)·diag(noise))
    for (let i = 0; i < n; i++) {
      const diagonal = numbers[(at + l) / 8 + 8 * (i >> 2) * ((i >> 2) + 1) + 16 * (i >> 2) + 5 * (i & 3)]!;
      const g = alpha[i]! * alpha[i]! + diagonal;
      dNoise[i] = 0.5 * g;
      trace += alpha[i]! * problem.y[i]! - 1 - g * problem.noise[i]!;
    }
    const dLengthscales = new Float64Array(d);
    for (let k = 0; k < d; k++) {
      const c = kernelColumns[k]!;
      const at2 = (at + sums) / 8 + 2 * k;
      const scale = kernel.lengthscales[c]!;
      dLengthscales[c] = (numbers[at2]! + numbers[at2 + 1]!) / (k < ordinary ? scale : scale * scale * scale);
    }
    return {
      value,
      alpha,
      dOutputScale: (0.5 * trace) / kernel.outputScale,
      dLengthscales,
      dNoise,
      ...(problem.inputs && {
        dInputs: inputGradient(numbers, (at + dx) / 8, { kernel, kernelColumns, ordinary, n }),
      }),
    };
  });
}
