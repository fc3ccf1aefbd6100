/**
 * Covariance of learning curves over (configuration, resource): an asymptote that configurations share, and what is left of
 * the beginning (after Swersky, Snoek, Adams 2014, "Freeze-Thaw Bayesian Optimization", arXiv 1406.3896, eq. 9 to 11).
 *
 * y(x, t) = f(x) + g(x, t) + h(x, t)
 * f  asymptote ~ GP(0, K);  g  common shape of the curves ~ GP(0, r·K·D);  h  a curve's own part ~ GP(0, c·[x = x′]·D)
 * K  Matérn-5/2 over the configuration, D exponential decay over the resource, in [0, 1]
 * theta = [theta of K, log r, log c, log α, log β]
 */
import { type Column, InvalidArgumentError, type Kernel, levelOf, type Matrix, matrix } from '@foothold/core';
import { matern52 } from '../kernels/matern52.ts';
import { type LogNormal, logNormalPrior } from '../kernels/priors.ts';
import { type ExponentialDecay, exponentialDecay, exponentialDecayGradient } from './exponential-decay.ts';

export interface LearningCurveOptions {
  /** Index of the ordinal column whose levels are the amounts of the resource, such as epochs, the smallest first. */
  readonly fidelityColumn: number;
  /** The resource at each level, a share of the largest. Default: equal steps, (level + 1)/levels. */
  readonly resources?: readonly number[] | undefined;
}

/** Of log r, log c, log α, log β: a curve falls by about the spread of the ends, most of it in the first tenth. */
const ownPriors: readonly LogNormal[] = [
  { location: 0, standardDeviation: 1 },
  { location: -1, standardDeviation: 1 },
  { location: 0, standardDeviation: 0.7 },
  { location: Math.log(0.1), standardDeviation: 1 },
];

/**
 * The kernel over all columns. Throws InvalidArgumentError where `fidelityColumn` is no ordinal column beside others, and for
 * resources that are not one finite number from 0 a level.
 */
export function learningCurveKernel(columns: readonly Column[], options: LearningCurveOptions): Kernel {
  const { fidelityColumn } = options;
  const column = columns[fidelityColumn];
  if (column?.kind !== 'ordinal' || columns.length < 2)
    throw new InvalidArgumentError(
      'fidelityColumn',
      fidelityColumn,
      'the index of an ordinal column beside others',
    );
  const { levels } = column;
  const resources = options.resources ?? Array.from({ length: levels }, (_, level) => (level + 1) / levels);
  if (resources.length !== levels || !resources.every((t) => t >= 0 && t < Infinity))
    throw new InvalidArgumentError('resources', resources, `${levels} finite numbers from 0`);
  const common = matern52(columns, { active: columns.flatMap((_, i) => (i === fidelityColumn ? [] : [i])) });
  const theta = new Float64Array(common.theta.length + ownPriors.length);
  theta.set(common.theta);
  ownPriors.forEach(({ location }, k) => {
    theta[common.theta.length + k] = location;
  });
  return build({ column, fidelityColumn, resources, common }, theta);
}

interface Shape {
  readonly column: Column;
  readonly fidelityColumn: number;
  readonly resources: readonly number[];
  readonly common: Kernel;
}

function build(shape: Shape, theta: Float64Array): Kernel {
  const { fidelityColumn } = shape;
  const cut = shape.common.theta.length;
  const common = shape.common.withTheta(theta.slice(0, cut));
  const [shared, own, alpha, beta] = theta.slice(cut).map(Math.exp) as unknown as [
    number,
    number,
    number,
    number,
  ];
  const decay: ExponentialDecay = { shape: alpha, rate: beta };
  const resourcesOf = (x: Matrix) => resourcesIn(shape, x);
  const weighted = (w: Matrix, s: Float64Array, t: Float64Array) => withDecay(w, [s, t], { shared, decay });
  return {
    theta,
    withTheta: (next) => build(shape, next),
    covariance(x, z) {
      const [s, t] = [resourcesOf(x), resourcesOf(z)];
      const isSame = sameCurve(x, z, fidelityColumn);
      const result = weighted(common.covariance(x, z), s, t);
      for (let i = 0, k = 0; i < x.rows; i++)
        for (let j = 0; j < z.rows; j++, k++)
          if (isSame(i, j)) result.data[k] = result.data[k]! + own * exponentialDecay(decay, s[i]! + t[j]!);
      return result;
    },
    variance(x) {
      const t = resourcesOf(x);
      return common.variance(x).map((v, i) => v + (v * shared + own) * exponentialDecay(decay, 2 * t[i]!));
    },
    thetaGradient(x, w) {
      const t = resourcesOf(x);
      const gradient = new Float64Array(theta.length);
      gradient.set(common.thetaGradient(x, weighted(w, t, t)));
      const k = common.covariance(x, x);
      const isSame = sameCurve(x, x, fidelityColumn);
      for (let i = 0, p = 0; i < x.rows; i++)
        for (let j = 0; j < x.rows; j++, p++) {
          const weight = w.data[p]!;
          if (weight === 0) continue;
          const total = t[i]! + t[j]!;
          const d = exponentialDecay(decay, total);
          const ofShared = weight * shared * k.data[p]!;
          const ofOwn = isSame(i, j) ? weight * own : 0;
          const { dLogShape, dLogRate } = exponentialDecayGradient(decay, total, d);
          gradient[cut] = gradient[cut]! + ofShared * d;
          gradient[cut + 1] = gradient[cut + 1]! + ofOwn * d;
          gradient[cut + 2] = gradient[cut + 2]! + (ofShared + ofOwn) * dLogShape;
          gradient[cut + 3] = gradient[cut + 3]! + (ofShared + ofOwn) * dLogRate;
        }
      return gradient;
    },
    inputGradient: (x, z, w) => common.inputGradient(x, z, weighted(w, resourcesOf(x), resourcesOf(z))),
    logPrior: () => logPriorOf(common, theta),
  };
}

/** The share of the training of each row of x, n. */
function resourcesIn({ column, fidelityColumn, resources }: Shape, x: Matrix): Float64Array {
  const at = (i: number) => levelOf(column, x.data[i * x.columns + fidelityColumn]!);
  return Float64Array.from({ length: x.rows }, (_, i) => resources[at(i)]!);
}

/** wᵢⱼ·(1 + r·D(sᵢ, tⱼ)), with r the share of the decay that all curves have in common. */
function withDecay(
  w: Matrix,
  [s, t]: readonly [Float64Array, Float64Array],
  { shared, decay }: { readonly shared: number; readonly decay: ExponentialDecay },
): Matrix {
  const result = matrix(w.rows, w.columns);
  for (let i = 0, k = 0; i < w.rows; i++)
    for (let j = 0; j < w.columns; j++, k++)
      result.data[k] = w.data[k]! * (1 + shared * exponentialDecay(decay, s[i]! + t[j]!));
  return result;
}

/** The prior of the common kernel's hyperparameters, and that of the four of the decay behind them. */
function logPriorOf(common: Kernel, theta: Float64Array): ReturnType<Kernel['logPrior']> {
  const prior = common.logPrior();
  const cut = common.theta.length;
  const gradient = new Float64Array(theta.length);
  gradient.set(prior.gradient);
  let { value } = prior;
  ownPriors.forEach((ownPrior, k) => {
    const part = logNormalPrior(theta[cut + k]!, ownPrior);
    value += part.value;
    gradient[cut + k] = part.derivative;
  });
  return { value, gradient };
}

/** Whether row i of x and row j of z are of one configuration: equal in all columns but that of the fidelity. */
function sameCurve(x: Matrix, z: Matrix, fidelityColumn: number): (i: number, j: number) => boolean {
  const d = x.columns;
  return (i, j) => {
    for (let c = 0, p = i * d, q = j * d; c < d; c++, p++, q++)
      if (x.data[p] !== z.data[q] && c !== fidelityColumn) return false;
    return true;
  };
}
