import { type Awaitable, type Matrix, matrixOf, rowOf, ShapeError } from '@foothold/core';
import { lbfgsb } from './lbfgsb.ts';
import type { Bounds, LbfgsbOptions, Minimum } from './stepper.ts';

/** Value and gradient (n) at a point (n); the gradient array may be reused by the callee. */
export type ValueAndGradient = (point: Float64Array) => {
  readonly value: number;
  readonly gradient: Float64Array;
};

/**
 * A local minimum of a synchronous function inside bounds, by L-BFGS-B. Values that are not finite count as too high.
 * Throws ShapeError and InvalidArgumentError for bounds that do not fit.
 */
export function minimize(
  f: ValueAndGradient,
  start: Float64Array,
  options: Bounds & LbfgsbOptions = {},
): Minimum {
  const run = lbfgsb({ start, lower: options.lower, upper: options.upper }, options);
  while (run.point) {
    const { value, gradient } = f(run.point);
    run.tell(value, gradient);
  }
  return run.minimum!;
}

/** Values and gradients (k×n) at the points that are asked for (k×n); `runs[i]` says to which start row i belongs. */
export type ValuesAndGradients = (
  points: Matrix,
  runs: readonly number[],
) => Awaitable<{ readonly values: Float64Array; readonly gradients: Matrix }>;

/**
 * Local minima from several starts (rows of k×n) that advance together: one batched call each round, with the points of
 * the runs that have not ended. The same result as one `minimize` each. Throws ShapeError and InvalidArgumentError.
 */
export async function minimizeMany(
  f: ValuesAndGradients,
  starts: Matrix,
  options: Bounds & LbfgsbOptions & { readonly signal?: AbortSignal | undefined } = {},
): Promise<readonly Minimum[]> {
  const { lower, upper } = options;
  const runs = Array.from({ length: starts.rows }, (_, i) =>
    lbfgsb({ start: Float64Array.from(rowOf(starts, i)), lower, upper }, options),
  );
  while (true) {
    const open = runs.flatMap((run, i) => (run.point ? [i] : []));
    if (open.length === 0) return runs.map((run) => run.minimum!);
    options.signal?.throwIfAborted();
    const points = matrixOf(
      open.map((i) => runs[i]!.point!),
      starts.columns,
    );
    const { values, gradients } = await f(points, open);
    if (values.length !== open.length || gradients.rows !== open.length)
      throw new ShapeError(
        `asked for ${open.length} points, got ${values.length} values and ${gradients.rows} gradients`,
      );
    open.forEach((i, k) => {
      runs[i]!.tell(values[k]!, rowOf(gradients, k));
    });
  }
}
