/**
 * Warping of the inputs by the Kumaraswamy distribution function, one pair of exponents a column
 * (Snoek, Swersky, Zemel, Adams 2014, "Input Warping for Bayesian Optimization of Non-Stationary Functions").
 *
 * w(x)  1 − (1 − xᵃ)ᵇ, in columns with an order; categorical ones stay
 * v     [log a, log b] of each warped column, in the order of `columns`; a = b = 1 changes nothing
 */
import { type Column, type Matrix, matrix } from '@foothold/core';
import { logNormalPrior } from '../kernels/priors.ts';
import { type AtInputs, exponentPrior, type InputWarping } from './input-warping.ts';

const edge = 1e-9;

/** The warping of all columns with an order. */
export function inputWarpingOf(all: readonly Column[]): InputWarping {
  const columns = all.flatMap((column, i) => (column.kind === 'categorical' ? [] : [i]));
  const warping = { columns };
  return {
    columns,
    warp: {
      inputs: (x, parameters) => warpedInputs(warping, x, parameters),
      backprop: (at) => backpropInputWarp(warping, at),
      gradient: (at) => inputWarpGradient(warping, at),
    },
  };
}

/** w(x): the same matrix when there is nothing to warp. */
export function warpedInputs(
  warping: Pick<InputWarping, 'columns'>,
  x: Matrix,
  parameters: Float64Array,
): Matrix {
  if (parameters.length === 0 || warping.columns.length === 0) return x;
  const result = matrix(x.rows, x.columns, Float64Array.from(x.data));
  warping.columns.forEach((c, k) => {
    const a = Math.exp(parameters[2 * k]!);
    const b = Math.exp(parameters[2 * k + 1]!);
    for (let at = c; at < x.data.length; at += x.columns)
      result.data[at] = 1 - (1 - clampedToOpenUnit(x.data[at]!) ** a) ** b;
  });
  return result;
}

/** Derivatives in x from those in w(x), in place. */
function backpropInputWarp(
  warping: Pick<InputWarping, 'columns'>,
  { x, parameters, dInputs }: AtInputs,
): Matrix {
  if (parameters.length > 0)
    warping.columns.forEach((c, k) => {
      const a = Math.exp(parameters[2 * k]!);
      const b = Math.exp(parameters[2 * k + 1]!);
      for (let at = c; at < x.data.length; at += x.columns) {
        const u = clampedToOpenUnit(x.data[at]!);
        const power = u ** a;
        dInputs.data[at] = (dInputs.data[at]! * a * b * power * (1 - power) ** (b - 1)) / u;
      }
    });
  return dInputs;
}

/** Log prior of the exponents, and the gradient of prior and evidence in them, given ∂evidence/∂w(x). */
function inputWarpGradient(warping: Pick<InputWarping, 'columns'>, { x, parameters, dInputs }: AtInputs) {
  const gradient = new Float64Array(parameters.length);
  let value = 0;
  warping.columns.forEach((c, k) => {
    const a = Math.exp(parameters[2 * k]!);
    const b = Math.exp(parameters[2 * k + 1]!);
    for (let at = c; at < x.data.length; at += x.columns) {
      const u = clampedToOpenUnit(x.data[at]!);
      const power = u ** a;
      const rest = 1 - power;
      const pull = dInputs.data[at]!;
      gradient[2 * k] = gradient[2 * k]! + pull * b * rest ** (b - 1) * power * Math.log(u) * a;
      gradient[2 * k + 1] = gradient[2 * k + 1]! - pull * rest ** b * Math.log(rest) * b;
    }
  });
  for (let k = 0; k < parameters.length; k++) {
    const part = logNormalPrior(parameters[k]!, exponentPrior);
    value += part.value;
    gradient[k] = gradient[k]! + part.derivative;
  }
  return { value, gradient };
}

function clampedToOpenUnit(u: number): number {
  return Math.min(Math.max(u, edge), 1 - edge);
}
