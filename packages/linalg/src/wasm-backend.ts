import {
  type LinearAlgebra,
  type Matrix,
  type MultiplyOptions,
  matrix,
  type SolveOptions,
} from '@foothold/core';
import type { Assembly, Flavour } from './binary.ts';
import { type Engine, engineOf } from './engine.ts';
import { requireSquare } from './shapes.ts';
import { multiply } from './wasm-multiply.ts';
import { appendRows, solveTriangular } from './wasm-solve.ts';
import { stationaryOf } from './wasm-stationary.ts';

/** Linear algebra whose methods return values, never promises. */
export interface SynchronousLinearAlgebra extends LinearAlgebra {
  /** What runs: one of the two WebAssembly builds, or plain JavaScript where the engine accepts neither. */
  readonly flavour: Flavour | 'javascript';
  /** Why plain JavaScript runs, for people; undefined where WebAssembly does. */
  readonly fallbackReason: string | undefined;
  multiply(a: Matrix, b: Matrix, options?: MultiplyOptions): Matrix;
  cholesky(a: Matrix): Matrix;
  solveTriangular(l: Matrix, b: Matrix, options?: SolveOptions): Matrix;
  appendRows(l: Matrix, rows: Matrix): Matrix;
  /** Bytes of linear memory held now; 0 before the first call and after `dispose`. */
  memoryBytes(): number;
  /** Gives the linear memory back; a later call takes a new one. */
  dispose(): void;
}

/** Linear memory beyond which an idle instance is dropped after a call. */
const idleBytes = 192 * 2 ** 20;

/** The backend of a compiled module. Its linear memory is taken at the first call. */
export function wasmBackend(module: WebAssembly.Module, flavour: Flavour): SynchronousLinearAlgebra {
  let engine: Engine | undefined;
  /** Runs one call; a memory that grew large for it is not held on to. */
  const call = <T>(work: (engine: Engine) => T): T => {
    engine ??= engineOf(new WebAssembly.Instance(module).exports as unknown as Assembly);
    try {
      return work(engine);
    } finally {
      if (engine.heap.size() > idleBytes) engine = undefined;
    }
  };
  return {
    name: `wasm (${flavour})`,
    flavour,
    fallbackReason: undefined,
    epsilon: 2 ** -53,
    multiply: (a, b, options = {}) => call((e) => multiply(e, { a, b }, options)),
    cholesky: (a) => {
      requireSquare(a, 'the matrix to factor');
      return a.rows === 0 ? matrix(0, 0) : call((e) => cholesky(e, a));
    },
    solveTriangular: (l, b, { transpose = false } = {}) =>
      call((e) => solveTriangular(e, l, { b, transpose })),
    appendRows: (l, rows) => call((e) => appendRows(e, l, rows)),
    stationary: stationaryOf(call),
    memoryBytes: () => engine?.heap.size() ?? 0,
    dispose() {
      engine = undefined;
    },
  };
}

function cholesky({ space, upload, factorize, download, keep, heap }: Engine, a: Matrix): Matrix {
  const factor = space(a.rows);
  try {
    upload(a, factor);
    factorize(factor);
    const l = download(factor);
    keep(l, factor);
    return l;
  } catch (error) {
    heap.release(factor.at);
    throw error;
  }
}
