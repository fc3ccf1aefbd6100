/**
 * CPU time of the dense operations per backend, as a ratio to plain JavaScript, the size from which a backend is faster than
 * that, and per operation which backend is worth it from which size on.
 * Words after the name choose backends: `pnpm bench linalg wasm-simd`.
 */
import { type LinearAlgebra, type Matrix, matrix, type StationaryProblem, seeded } from '@foothold/core';
import { type Timing, worthFrom } from '@foothold/linalg';
import { backends } from './backends.ts';
import type { BenchOptions } from './bench-options.ts';

const columns = 6;
const rightHandSides = 64;
const operations = ['cholesky', 'solve', 'product', 'evidence'] as const;
type Operation = (typeof operations)[number];
interface Measurement {
  readonly operation: Operation;
  readonly n: number;
  readonly ms: number;
}

export async function linalg({ quick, emit, words }: BenchOptions): Promise<void> {
  const sizes = quick ? [100, 200, 500] : [100, 200, 500, 1000, 2000, 4000];
  const limit = quick ? 1000 : 6000;
  const reference = new Map<string, number>();
  const fasterThanCpuFrom: Record<string, Record<string, number | 'never'>> = {};
  const timings: Timing[] = [];
  const absent: Record<string, string> = {};
  for (const { name, open } of backends) {
    if (words.length > 0 && name !== 'cpu' && !words.includes(name)) continue;
    let backend: LinearAlgebra | undefined;
    try {
      backend = await open();
    } catch (error) {
      absent[name] = error instanceof Error ? error.message : String(error);
      continue;
    }
    if (!backend) {
      absent[name] = 'not supported by this engine';
      continue;
    }
    const rows: Measurement[] = [];
    for (const operation of operations) {
      let last = 0;
      let lastSize = 1;
      for (const n of sizes) {
        if (last * (n / lastSize) ** 3 > limit) {
          emit({ bench: 'linalg', backend: name, operation, n, skipped: `would take over ${limit} ms` });
          continue;
        }
        const run = prepared(backend, operation, n);
        if (!run) break;
        const { ms, repeats } = await cpuTime(run, quick ? 200 : 1000);
        last = ms;
        lastSize = n;
        if (name === 'cpu') reference.set(`${operation} ${n}`, ms);
        const base = reference.get(`${operation} ${n}`);
        emit({
          ...{ bench: 'linalg', backend: name, operation, n, cpuTimeMs: ms, repeats },
          ...(base !== undefined && { ratioToCpu: ms / base }),
        });
        rows.push({ operation, n, ms });
      }
    }
    await backend.dispose?.();
    fasterThanCpuFrom[name] = crossovers(rows, reference);
    timings.push(...rows.map((row) => ({ backend: name, ...row })));
  }
  emit({
    bench: 'linalg',
    summary: {
      ...{ sizes, columns, rightHandSides, fasterThanCpuFrom, worthFrom: worthFrom(timings), absent },
    },
  });
}

/** Per operation the smallest measured n from which the backend stays faster than `cpu`. */
function crossovers(
  rows: readonly Measurement[],
  reference: ReadonlyMap<string, number>,
): Record<string, number | 'never'> {
  const result: Record<string, number | 'never'> = {};
  for (const operation of operations) {
    const compared = rows
      .filter((row) => row.operation === operation)
      .flatMap(({ n, ms }) => {
        const base = reference.get(`${operation} ${n}`);
        return base === undefined ? [] : [{ n, faster: ms < base }];
      });
    if (compared.length === 0) continue;
    const lastSlow = compared.findLastIndex(({ faster }) => !faster);
    result[operation] = compared[lastSlow + 1]?.n ?? 'never';
  }
  return result;
}

/** The operation on matrices of order n, ready to run, or undefined where the backend lacks it. */
function prepared(backend: LinearAlgebra, operation: Operation, n: number): (() => unknown) | undefined {
  const { stationary } = backend;
  const problem = problemOf(n);
  const kernel = {
    family: 'matern52',
    outputScale: 1,
    lengthscales: new Float64Array(columns).fill(0.7),
    categorical: new Uint8Array(columns),
  } as const;
  switch (operation) {
    case 'evidence':
      return stationary && (() => stationary.evidence(kernel, problem));
    case 'cholesky': {
      const a = covarianceOf(problem);
      return () => backend.cholesky(a);
    }
    case 'product': {
      const a = covarianceOf(problem);
      return () => backend.multiply(a, a);
    }
    case 'solve': {
      // Any triangle with a strong diagonal will do.
      const l = covarianceOf(problem);
      for (let i = 0; i < n; i++) l.data[i * n + i] = n;
      const b = matrix(n, rightHandSides, draws(n * rightHandSides));
      return () => backend.solveTriangular(l, b);
    }
  }
}

function draws(count: number): Float64Array {
  const rng = seeded(1).fork(count);
  return Float64Array.from({ length: count }, () => rng.next());
}

function problemOf(n: number): StationaryProblem {
  return { x: matrix(n, columns, draws(n * columns)), y: draws(n), noise: new Float64Array(n).fill(1e-3) };
}

/** exp(−2·squared distance) plus the noise: the matrix of `latency.py --mode limits`. */
function covarianceOf({ x, noise }: StationaryProblem): Matrix {
  const n = x.rows;
  const a = matrix(n, n);
  for (let i = 0; i < n; i++)
    for (let j = 0; j <= i; j++) {
      let square = 0;
      for (let c = 0; c < columns; c++) square += (x.data[i * columns + c]! - x.data[j * columns + c]!) ** 2;
      const value = Math.exp(-2 * square);
      a.data[i * n + j] = value;
      a.data[j * n + i] = value;
    }
  for (let i = 0; i < n; i++) a.data[i * n + i]! += noise[i]!;
  return a;
}

/** Median CPU milliseconds of this process per call, after a warm-up; short calls are timed in batches. */
async function cpuTime(run: () => unknown, budget: number): Promise<{ ms: number; repeats: number }> {
  const timed = async (count: number): Promise<number> => {
    const before = process.cpuUsage();
    for (let i = 0; i < count; i++) await run();
    const { user, system } = process.cpuUsage(before);
    return (user + system) / 1000;
  };
  const first = await timed(1);
  if (first > 5 * budget) return { ms: first, repeats: 1 };
  const warm = await timed(3);
  const batch = Math.max(1, Math.round(30 / Math.max(0.03, warm)));
  const times: number[] = [];
  for (let spent = 0; times.length < 3 || (times.length < 50 && spent < budget); ) {
    const ms = await timed(batch);
    spent += ms;
    times.push(ms / batch);
  }
  times.sort((p, q) => p - q);
  return { ms: times[times.length >> 1]!, repeats: times.length * batch };
}
