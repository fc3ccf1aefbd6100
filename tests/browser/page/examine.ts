import { matrix, NotPositiveDefiniteError } from '@foothold/core';
import { cpu, type SynchronousLinearAlgebra, wasm } from '@foothold/linalg';
import { categorical, minimize, searchSpace, uniform } from 'foothold';
import { drawsOf, gapOf } from './draws.ts';
import type { Report } from './report.ts';
import { stationaryGaps } from './stationary-gaps.ts';

/** Runs the library in this context and reports what it did. */
export async function examine(): Promise<Report> {
  const linalg = await wasm();
  const n = 151;
  const g = matrix(n, n, drawsOf(n * n));
  const a = cpu.multiply(g, g, { transposeB: true });
  for (let i = 0; i < n; i++) a.data[i * (n + 1)]! += 1;
  const l = cpu.cholesky(a);
  const b = matrix(n, 9, drawsOf(9 * n));
  const small = matrix(150, 150);
  for (let i = 0; i < 150; i++) small.data.set(l.data.subarray(i * n, i * n + 150), i * 150);
  const gaps = {
    cholesky: gapOf(linalg.cholesky(a).data, l.data),
    solve: gapOf(linalg.solveTriangular(l, b).data, cpu.solveTriangular(l, b).data),
    transposedSolve: gapOf(
      linalg.solveTriangular(l, b, { transpose: true }).data,
      cpu.solveTriangular(l, b, { transpose: true }).data,
    ),
    product: gapOf(linalg.multiply(a, g).data, cpu.multiply(a, g).data),
    append: gapOf(linalg.appendRows(small, matrix(1, n, a.data.slice(150 * n))).data, l.data),
  };
  const stationary = await stationaryGaps(linalg);
  const failedPivot = pivotOf(linalg, a.data.slice(), n);
  const memoryBefore = linalg.memoryBytes();
  linalg.dispose();
  return {
    ...{ flavour: linalg.flavour, name: linalg.name, fallbackReason: linalg.fallbackReason },
    ...{ gaps, stationary, failedPivot, memoryBefore, memoryAfterDispose: linalg.memoryBytes() },
    study: await study(),
  };
}

function pivotOf(linalg: SynchronousLinearAlgebra, data: Float64Array, n: number): number {
  data[37 * (n + 1)] = -1;
  try {
    linalg.cholesky(matrix(n, n, data));
    return -1;
  } catch (error) {
    return error instanceof NotPositiveDefiniteError ? error.pivot : -2;
  }
}

async function study(): Promise<Report['study']> {
  const found = await minimize(
    ({ x, kind }) => (x - 0.3) ** 2 + (kind === 'good' ? 0 : 0.5),
    searchSpace({ x: uniform(-1, 1), kind: categorical('good', 'bad') }),
    { trials: 15, seed: 1 },
  );
  return {
    states: found.trials.map((trial) => trial.state),
    params: found.params,
    value: found.value,
    samplers: found.trials.map((trial) => String(trial.why?.['sampler'])),
  };
}
