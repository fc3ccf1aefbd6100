import { type Matrix, matrix, NotPositiveDefiniteError } from '@foothold/core';
import type { Assembly } from './binary.ts';
import { type Heap, heapOf } from './heap.ts';

/** A triangular factor in linear memory: panels at `at`, reciprocal pivots at `inverse`. */
export interface Factor {
  readonly at: number;
  readonly inverse: number;
  readonly n: number;
  readonly bytes: number;
}

/** One instance of the assembly with its memory and the factors that it keeps. Calls are synchronous, so scratch space never outlives one. */
export interface Engine {
  readonly assembly: Assembly;
  readonly heap: Heap;
  /** Space for a factor of order n, not yet filled and not kept. */
  space(n: number): Factor;
  /** Remembers `factor` as the panels of the matrix l; the oldest ones go when there are too many. */
  keep(l: Matrix, factor: Factor): void;
  /** The panels of l: kept ones, or uploaded and kept. */
  factorOf(l: Matrix): Factor;
  /** Panels from the lower triangle of a row-major matrix. */
  upload(a: Matrix, factor: Factor, first?: number): void;
  /** Panels as a lower triangular matrix. */
  download(factor: Factor): Matrix;
  /** Factors in place. Throws NotPositiveDefiniteError. */
  factorize(factor: Factor): void;
  /** Runs `work` with a region of `bytes` that is given back afterwards. */
  scratch<T>(bytes: number, work: (at: number) => T): T;
}

/** Number of 4-row panels of n rows. */
export const panelsOf = (n: number): number => (n + 3) >> 2;

/** Rows per strip, a multiple of 4, so that a strip of `columns` numbers a row takes about half a megabyte. */
export const stripOf = (columns: number): number =>
  Math.max(4, Math.floor(65_536 / Math.max(1, columns)) & ~3);

/** From this order on only the lower triangle is moved, row by row. */
const wide = 256;

/** Kept factors, and their bytes, beyond which the least recently used ones go (the newest always stays). */
const keepCount = 64;
/** Bytes of factors that were made and not used since, beyond which their memory, still in the cache, is used again. */
const unusedBytes = 2 * 2 ** 20;
const keepBytes = 64 * 2 ** 20;

/** The engine of an instance. */
export function engineOf(assembly: Assembly): Engine {
  const heap = heapOf(assembly.memory, 4096);
  const scratch = <T>(bytes: number, work: (at: number) => T): T => {
    const at = heap.take(bytes);
    try {
      return work(at);
    } finally {
      heap.release(at);
    }
  };
  const moving: Moving = { assembly, heap, scratch };
  const factors = factorCache(heap);
  const { space, keep } = factors;
  return {
    ...moving,
    space,
    keep,
    upload: (a, factor, first = 0) => uploadLower(moving, a, { factor, first }),
    factorOf(l) {
      const found = factors.used(l);
      if (found) return found;
      const factor = space(l.rows);
      uploadLower(moving, l, { factor, first: 0 });
      assembly.invertDiagonal(factor.at, factor.inverse, panelsOf(l.rows));
      keep(l, factor);
      return factors.used(l)!;
    },
    download: (factor) => downloadLower(moving, factor),
    factorize({ at, inverse, n }) {
      const failed = assembly.factorPanels(at, inverse, panelsOf(n));
      if (failed > 0) throw pivotError(heap, inverse, failed - 1);
    },
  };
}

/** Factors in linear memory by their matrix, the least recently used one first. */
function factorCache(heap: Heap) {
  const kept = new WeakMap<Matrix, Factor>();
  const order = new Set<Factor>();
  const unused = new Set<Factor>();
  let total = 0;
  const drop = (factor: Factor) => {
    order.delete(factor);
    unused.delete(factor);
    heap.release(factor.at);
    total -= factor.bytes;
  };
  return {
    space(n: number): Factor {
      const panels = panelsOf(n);
      const triangle = 64 * panels * (panels + 1);
      const bytes = triangle + 32 * panels;
      let idle = bytes;
      for (const factor of unused) idle += factor.bytes;
      for (const oldest of unused) {
        if (idle <= unusedBytes) break;
        idle -= oldest.bytes;
        drop(oldest);
      }
      const at = heap.take(bytes);
      return { at, inverse: at + triangle, n, bytes };
    },
    keep(l: Matrix, factor: Factor): void {
      kept.set(l, factor);
      order.add(factor);
      unused.add(factor);
      total += factor.bytes;
      for (const oldest of order) {
        if ((total <= keepBytes && order.size <= keepCount) || oldest === factor) break;
        drop(oldest);
      }
    },
    /** The kept factor of l, which is the most recently used one now. */
    used(l: Matrix): Factor | undefined {
      const found = kept.get(l);
      if (!found || !order.has(found)) return undefined;
      unused.delete(found);
      order.delete(found);
      order.add(found);
      return found;
    },
  };
}

type Moving = Pick<Engine, 'assembly' | 'heap' | 'scratch'>;

function uploadLower(
  { assembly, heap, scratch }: Moving,
  a: Matrix,
  { factor: { at, n }, first }: { readonly factor: Factor; readonly first: number },
): void {
  const strip = stripOf(n);
  scratch(8 * n * Math.min(strip, n - first), (stage) => {
    const numbers = heap.numbers();
    for (let i = first; i < n; i += strip) {
      const rows = Math.min(strip, n - i);
      if (n < wide) numbers.set(a.data.subarray(i * n, (i + rows) * n), stage / 8);
      else
        for (let r = 0; r < rows; r++) {
          const start = (i + r) * n;
          numbers.set(a.data.subarray(start, start + i + rows), stage / 8 + r * n);
        }
      assembly.packLower(stage, n, i, rows, at);
    }
  });
}

function downloadLower({ assembly, heap, scratch }: Moving, { at, n }: Factor): Matrix {
  const l = matrix(n, n);
  const strip = stripOf(n);
  scratch(8 * n * Math.min(strip, n), (stage) => {
    const numbers = heap.numbers();
    for (let i = 0; i < n; i += strip) {
      const rows = Math.min(strip, n - i);
      assembly.unpackLower(at, n, i, rows, stage);
      if (n < wide) l.data.set(numbers.subarray(stage / 8, stage / 8 + rows * n), i * n);
      else
        for (let r = 0; r < rows; r++) {
          const start = stage / 8 + r * n;
          l.data.set(numbers.subarray(start, start + i + r + 1), (i + r) * n);
        }
    }
  });
  return l;
}

/** The error for a factorization that stopped at `row`. */
export function pivotError(heap: Heap, inverse: number, row: number): NotPositiveDefiniteError {
  return new NotPositiveDefiniteError(row, heap.numbers()[inverse / 8 + (row & ~3)]!);
}
