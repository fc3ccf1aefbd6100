/**
 * The limited-memory BFGS matrix in compact form (Byrd, Lu, Nocedal & Zhu 1995, "A Limited Memory Algorithm for Bound
 * Constrained Optimization", §3): B = θI − W·M·Wᵀ.
 *
 * s, y steps and changes of the gradient, newest last, each pair scaled so that sᵀy = 1 (B does not change by that)
 * W    [Y θS], n×2k
 * M    the inverse of [[−D, Lᵀ], [L, θSᵀS]], 2k×2k: D diagonal of sᵢᵀyᵢ, L the part of sᵢᵀyⱼ below the diagonal
 */
import { dot } from '../dot.ts';
import { solveInPlace } from './solve-in-place.ts';

export interface Curvature {
  /** 2k, the number of columns of W. */
  width(): number;
  theta(): number;
  /** Takes a step and its change of gradient; a pair without enough positive curvature is left out. */
  push(s: Float64Array, y: Float64Array): void;
  /** B = I again. */
  reset(): void;
  /** Row i of W into `out`. */
  row(i: number, out: Float64Array): void;
  /** Wᵀv into `out`. */
  transposed(v: Float64Array, out: Float64Array): void;
  /** M·v into `out`. */
  middle(v: Float64Array, out: Float64Array): void;
  /** M, row-major. */
  matrix(): Float64Array;
}

const curvatureFloor = 2.2e-16;

interface Pairs {
  steps: Float64Array[];
  changes: Float64Array[];
  theta: number;
  m: Float64Array;
}

/** B = I, which keeps the last `memory` pairs that it takes. */
export function curvature(memory: number): Curvature {
  const pairs: Pairs = { steps: [], changes: [], theta: 1, m: new Float64Array(0) };
  return {
    width: () => 2 * pairs.steps.length,
    theta: () => pairs.theta,
    reset: () => reset(pairs),
    matrix: () => pairs.m,
    push: (s, y) => push(pairs, [s, y], memory),
    row(i, out) {
      const { steps, changes, theta } = pairs;
      const k = steps.length;
      for (let j = 0; j < k; j++) {
        out[j] = changes[j]![i]!;
        out[k + j] = theta * steps[j]![i]!;
      }
    },
    transposed(v, out) {
      const { steps, changes, theta } = pairs;
      const k = steps.length;
      for (let j = 0; j < k; j++) {
        out[j] = dot(changes[j]!, v);
        out[k + j] = theta * dot(steps[j]!, v);
      }
    },
    middle(v, out) {
      const { m, steps } = pairs;
      const n = 2 * steps.length;
      for (let i = 0; i < n; i++) {
        let sum = 0;
        for (let j = 0; j < n; j++) sum += m[i * n + j]! * v[j]!;
        out[i] = sum;
      }
    },
  };
}

function reset(pairs: Pairs): void {
  pairs.steps = [];
  pairs.changes = [];
  pairs.theta = 1;
  pairs.m = new Float64Array(0);
}

function push(pairs: Pairs, [s, y]: readonly [Float64Array, Float64Array], memory: number): void {
  const sy = dot(s, y);
  const yy = dot(y, y);
  if (!(sy > curvatureFloor * Math.sqrt(dot(s, s)) * Math.sqrt(yy)) || !(yy > 0) || !Number.isFinite(yy / sy))
    return;
  const scale = 1 / Math.sqrt(sy);
  if (!Number.isFinite(scale)) return;
  const { steps, changes } = pairs;
  steps.push(s.map((v) => v * scale));
  changes.push(y.map((v) => v * scale));
  if (steps.length > memory) {
    steps.shift();
    changes.shift();
  }
  pairs.theta = yy / sy;
  const inverse = middleMatrix(steps, changes, pairs.theta);
  if (inverse) pairs.m = inverse;
  else reset(pairs);
}

function middleMatrix(
  steps: readonly Float64Array[],
  changes: readonly Float64Array[],
  theta: number,
): Float64Array<ArrayBuffer> | undefined {
  const k = steps.length;
  const n = 2 * k;
  const a = new Float64Array(n * n);
  const identity = new Float64Array(n * n);
  for (let i = 0; i < n; i++) identity[i * n + i] = 1;
  for (let i = 0; i < k; i++) {
    a[i * n + i] = -1;
    for (let j = 0; j < k; j++) {
      if (i > j) {
        const l = dot(steps[i]!, changes[j]!);
        a[(k + i) * n + j] = l;
        a[j * n + k + i] = l;
      }
      a[(k + i) * n + k + j] = theta * dot(steps[i]!, steps[j]!);
    }
  }
  return solveInPlace(a, identity, n) && identity.every(Number.isFinite) ? identity : undefined;
}
