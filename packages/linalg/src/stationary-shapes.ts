import {
  InvalidArgumentError,
  type Matrix,
  ShapeError,
  type StationaryKernel,
  type StationaryProblem,
} from '@foothold/core';
import { familyCode } from './stationary-families.ts';

/**
 * Throws UnsupportedError for a family that is not computed here, InvalidArgumentError unless the numbers of the kernel are
 * positive, ShapeError unless its columns are described once each.
 */
export function requireKernel({ family, outputScale, lengthscales, categorical }: StationaryKernel): void {
  familyCode(family);
  if (!(outputScale > 0)) throw new InvalidArgumentError('outputScale', outputScale, 'a positive number');
  for (let c = 0; c < lengthscales.length; c++)
    if (!(lengthscales[c]! > 0))
      throw new InvalidArgumentError(`lengthscales[${c}]`, lengthscales[c], 'a positive number');
  if (categorical.length !== lengthscales.length)
    throw new ShapeError(
      `categorical describes ${categorical.length} columns, lengthscales ${lengthscales.length}`,
    );
}

/** Throws ShapeError unless the points have a coordinate per lengthscale. */
export function requirePoints({ lengthscales }: StationaryKernel, points: Matrix, name: string): void {
  if (points.columns !== lengthscales.length)
    throw new ShapeError(
      `${name} has ${points.columns} columns, the kernel ${lengthscales.length} lengthscales`,
    );
}

/** Throws ShapeError unless there are as many values and noise variances as inputs. */
export function requireProblem(kernel: StationaryKernel, { x, y, noise }: StationaryProblem): void {
  requirePoints(kernel, x, 'x');
  if (y.length !== x.rows) throw new ShapeError(`${x.rows} inputs have ${y.length} values`);
  if (noise.length !== x.rows) throw new ShapeError(`${x.rows} inputs have ${noise.length} noise variances`);
}
