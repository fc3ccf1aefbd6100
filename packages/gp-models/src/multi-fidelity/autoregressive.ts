/**
 * Covariance of one function at several fidelities (epochs, shares of the data, widths), the cheapest first
 * (Kennedy, O'Hagan 2000, "Predicting the output from a complex computer code when fast approximations are available",
 * Biometrika 87, eq. 1, with one correlation function for all steps).
 *
 * f₀ = g,  fₜ(x) = ρₜ·fₜ₋₁(x) + aₜ·δₜ(x);  g, δₜ ~ GP(0, K) independent; yₜ = fₜ + cₜ, cₜ ~ N(0, 0.1) for t ≥ 1
 * B[s, t]: cov(fₛ(x), fₜ(x′)) = B[s, t]·K(x, x′);  B[t, s] = ρₜ·B[t−1, s] for s < t,  B[t, t] = ρₜ²·B[t−1, t−1] + aₜ²
 * theta = [theta of K, log a₁ …, ρ₁ …]
 */
import { type Column, InvalidArgumentError, type Kernel, levelOf, type Matrix, matrix } from '@foothold/core';
import { matern52 } from '../kernels/matern52.ts';
import { type LogNormal, logNormalPrior } from '../kernels/priors.ts';

/** A fidelity is much like its cheaper neighbour, in the same units. */
const slopePrior: LogNormal = { location: 0.9, standardDeviation: 0.3 };
/** On log a: a fidelity changes about as much as it keeps. */
const changePrior: LogNormal = { location: Math.log(0.8), standardDeviation: 0.7 };
/** Variance of the constant by which a fidelity lies higher or lower. */
const offset = 0.1;

/**
 * Matérn-5/2 over all columns but `fidelityColumn`, the index of an ordinal column whose levels are the fidelities, the
 * cheapest first. Throws InvalidArgumentError where `fidelityColumn` is no ordinal column, or is the only one.
 */
export function autoregressive(columns: readonly Column[], fidelityColumn: number): Kernel {
  const column = columns[fidelityColumn];
  if (column?.kind !== 'ordinal' || columns.length < 2)
    throw new InvalidArgumentError(
      'fidelityColumn',
      fidelityColumn,
      'the index of an ordinal column beside others',
    );
  const common = matern52(columns, { active: columns.flatMap((_, i) => (i === fidelityColumn ? [] : [i])) });
  const steps = column.levels - 1;
  const theta = new Float64Array(common.theta.length + 2 * steps);
  theta.set(common.theta);
  theta.fill(changePrior.location, common.theta.length);
  theta.fill(slopePrior.location, common.theta.length + steps);
  return build({ column, fidelityColumn, steps, common }, theta);
}

interface Shape {
  readonly column: Column;
  readonly fidelityColumn: number;
  readonly steps: number;
  readonly common: Kernel;
}

function build(shape: Shape, theta: Float64Array): Kernel {
  const { steps, column, fidelityColumn } = shape;
  const cut = shape.common.theta.length;
  const common = shape.common.withTheta(theta.slice(0, cut));
  const own = theta.slice(cut);
  const { b } = fidelityCovariance(own);
  const size = steps + 1;
  const levelsOf = (a: Matrix) =>
    Int32Array.from({ length: a.rows }, (_, i) => levelOf(column, a.data[i * a.columns + fidelityColumn]!));
  /** wᵢⱼ·B[s(i), t(j)] */
  const weighted = (w: Matrix, s: Int32Array, t: Int32Array) => {
    const result = matrix(w.rows, w.columns);
    for (let i = 0; i < w.rows; i++)
      for (let j = 0, k = i * w.columns; j < w.columns; j++, k++)
        result.data[k] = w.data[k]! * b[s[i]! * size + t[j]!]!;
    return result;
  };
  return {
    theta,
    withTheta: (next) => build(shape, next),
    covariance(x, z) {
      const [s, t] = [levelsOf(x), levelsOf(z)];
      const result = weighted(common.covariance(x, z), s, t);
      for (let i = 0; i < x.rows; i++)
        for (let j = 0, k = i * z.rows; j < z.rows; j++, k++)
          if (s[i]! > 0 && s[i] === t[j]) result.data[k] = result.data[k]! + offset;
      return result;
    },
    variance(x) {
      const t = levelsOf(x);
      return common.variance(x).map((v, i) => v * b[t[i]! * size + t[i]!]! + (t[i]! > 0 ? offset : 0));
    },
    thetaGradient(x, w) {
      const at = levelsOf(x);
      const gradient = new Float64Array(theta.length);
      gradient.set(common.thetaGradient(x, weighted(w, at, at)));
      gradient.set(ownGradient(own, { levels: at, k: common.covariance(x, x), w }), cut);
      return gradient;
    },
    inputGradient: (x, z, w) => common.inputGradient(x, z, weighted(w, levelsOf(x), levelsOf(z))),
    logPrior() {
      const prior = common.logPrior();
      const gradient = new Float64Array(theta.length);
      gradient.set(prior.gradient);
      let { value } = prior;
      own.forEach((u, p) => {
        const part = logNormalPrior(u, p < steps ? changePrior : slopePrior);
        value += part.value;
        gradient[cut + p] = part.derivative;
      });
      return { value, gradient };
    },
  };
}

/** Derivatives of Σᵢⱼ wᵢⱼ·B[s(i), s(j)]·kᵢⱼ in [log a₁ …, ρ₁ …]. */
function ownGradient(
  own: Float64Array,
  { levels, k, w }: { readonly levels: Int32Array; readonly k: Matrix; readonly w: Matrix },
): Float64Array {
  const size = own.length / 2 + 1;
  const n = levels.length;
  const sums = new Float64Array(size * size);
  for (let i = 0; i < n; i++)
    for (let j = 0, p = i * n; j < n; j++, p++) {
      const to = levels[i]! * size + levels[j]!;
      sums[to] = sums[to]! + w.data[p]! * k.data[p]!;
    }
  return own.map((_, p) => fidelityCovariance(own, p).tangent.reduce((sum, d, i) => sum + d * sums[i]!, 0));
}

/** B, and its derivative in number `along` of [log a₁ …, ρ₁ …], both levels×levels. */
export function fidelityCovariance(
  own: Float64Array,
  along = -1,
): { readonly b: Float64Array; readonly tangent: Float64Array } {
  const steps = own.length / 2;
  const size = steps + 1;
  const b = new Float64Array(size * size);
  const tangent = new Float64Array(size * size);
  b[0] = 1;
  for (let t = 1; t < size; t++) {
    const slope = own[steps + t - 1]!;
    const dSlope = along === steps + t - 1 ? 1 : 0;
    const change = Math.exp(2 * own[t - 1]!);
    const before = (t - 1) * size;
    for (let s = 0; s < t; s++) {
      b[t * size + s] = b[s * size + t] = slope * b[before + s]!;
      tangent[t * size + s] = tangent[s * size + t] = dSlope * b[before + s]! + slope * tangent[before + s]!;
    }
    const from = before + t - 1;
    b[t * size + t] = slope * slope * b[from]! + change;
    tangent[t * size + t] =
      2 * slope * dSlope * b[from]! + slope * slope * tangent[from]! + (along === t - 1 ? 2 * change : 0);
  }
  return { b, tangent };
}
