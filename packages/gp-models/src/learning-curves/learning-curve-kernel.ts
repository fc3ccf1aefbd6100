/**
 * Covariance of learning curves over (configuration, resource): an asymptote that configurations share, and what is left of
 * the beginning (after Swersky, Snoek, Adams 2014, "Freeze-Thaw Bayesian Optimization", arXiv 1406.3896, eq. 9 to 11).
 *
 * y(x, t) = f(x) + g(x, t) + h(x, t)
 * f  asymptote ~ GP(0, K);  g  common shape of the curves ~ GP(0, r·K·D);  h  a curve's own part ~ GP(0, c·[x = x′]·D)
 * K  Matérn-5/2 over the configuration, D exponential or power-law decay over the resource, in [0, 1]
 * theta = [theta of K, log r, log c, logs of D's hyperparameters]
 */
import { type Column, InvalidArgumentError, type Kernel, levelOf, type Matrix, matrix } from '@foothold/core';
import { matern52 } from '../kernels/matern52.ts';
import { type LogNormal, logNormalPrior } from '../kernels/priors.ts';
import type { Decay, DecayFamily } from './decay.ts';
import { exponentialDecay } from './exponential-decay.ts';
import { powerLawDecay } from './power-law-decay.ts';

export interface LearningCurveOptions {
  /** Index of the ordinal column whose levels are the amounts of the resource, such as epochs, the smallest first. */
  readonly fidelityColumn: number;
  /** The resource at each level, a share of the largest. Default: equal steps, (level + 1)/levels. */
  readonly resources?: readonly number[] | undefined;
  /** How the beginning of a curve fades: a mixture of e^(−λt), or of (1 + t/τ)^(−γ). Default: 'exponential'. */
  readonly decay?: 'exponential' | 'power-law' | undefined;
}

/** Of log r and log c: a curve falls by about the spread of the ends. */
const sharePriors: readonly LogNormal[] = [
  { location: 0, standardDeviation: 1 },
  { location: -1, standardDeviation: 1 },
];

const families = { exponential: exponentialDecay, 'power-law': powerLawDecay } as const;

/**
 * The kernel over all columns. Throws InvalidArgumentError where `fidelityColumn` is no ordinal column beside others, for
 * resources that are not one finite number from 0 a level, and for a `decay` that there is not.
 */
export function learningCurveKernel(columns: readonly Column[], options: LearningCurveOptions): Kernel {
  const { fidelityColumn, decay = 'exponential' } = options;
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
  if (!Object.hasOwn(families, decay))
    throw new InvalidArgumentError('decay', decay, `one of ${Object.keys(families).join(', ')}`);
  const family = families[decay];
  const common = matern52(columns, { active: columns.flatMap((_, i) => (i === fidelityColumn ? [] : [i])) });
  const ownPriors = [...sharePriors, ...family.priors];
  const theta = Float64Array.of(...common.theta, ...ownPriors.map(({ location }) => location));
  return build({ column, fidelityColumn, resources, common, family, ownPriors }, theta);
}

interface Shape {
  readonly column: Column;
  readonly fidelityColumn: number;
  readonly resources: readonly number[];
  readonly common: Kernel;
  readonly family: DecayFamily;
  /** Of the hyperparameters behind those of the common kernel. */
  readonly ownPriors: readonly LogNormal[];
}

function build(shape: Shape, theta: Float64Array): Kernel {
  const { fidelityColumn, family } = shape;
  const cut = shape.common.theta.length;
  const common = shape.common.withTheta(theta.slice(0, cut));
  const [shared, own, ...hyperparameters] = Array.from(theta.slice(cut), Math.exp) as [number, number];
  const decay = family.at(hyperparameters);
  const tableOf = (x: Matrix, z: Matrix) => decayTable(decay, [resourcesIn(shape, x), resourcesIn(shape, z)]);
  return {
    theta,
    withTheta: (next) => build(shape, next),
    covariance(x, z) {
      const table = tableOf(x, z);
      const isSame = sameCurve(x, z, fidelityColumn);
      const result = withDecay(common.covariance(x, z), table, shared);
      for (let i = 0, k = 0; i < x.rows; i++)
        for (let j = 0; j < z.rows; j++, k++)
          if (isSame(i, j)) result.data[k] = result.data[k]! + own * table.values[table.index(i, j)]!;
      return result;
    },
    variance(x) {
      const { values, index } = tableOf(x, x);
      return common.variance(x).map((v, i) => v + (v * shared + own) * values[index(i, i)]!);
    },
    thetaGradient(x, w) {
      const table = tableOf(x, x);
      const gradient = new Float64Array(theta.length);
      gradient.set(common.thetaGradient(x, withDecay(w, table, shared)));
      const k = common.covariance(x, x);
      const isSame = sameCurve(x, x, fidelityColumn);
      // The weights of each value of D.
      const [ofShared, ofOwn] = [
        new Float64Array(table.values.length),
        new Float64Array(table.values.length),
      ];
      for (let i = 0, p = 0; i < x.rows; i++)
        for (let j = 0; j < x.rows; j++, p++) {
          const weight = w.data[p]!;
          if (weight === 0) continue;
          const at = table.index(i, j);
          ofShared[at] = ofShared[at]! + weight * shared * k.data[p]!;
          if (isSame(i, j)) ofOwn[at] = ofOwn[at]! + weight * own;
        }
      table.values.forEach((d, at) => {
        gradient[cut] = gradient[cut]! + ofShared[at]! * d;
        gradient[cut + 1] = gradient[cut + 1]! + ofOwn[at]! * d;
        const slopes = decay.gradient(...table.resourcesAt(at));
        slopes.forEach((slope, h) => {
          gradient[cut + 2 + h] = gradient[cut + 2 + h]! + (ofShared[at]! + ofOwn[at]!) * slope;
        });
      });
      return gradient;
    },
    inputGradient: (x, z, w) => common.inputGradient(x, z, withDecay(w, tableOf(x, z), shared)),
    logPrior: () => logPriorOf(shape, common, theta),
  };
}

/** D at every pair of resources: these are few, as training pauses at few steps. */
interface DecayTable {
  readonly values: Float64Array;
  readonly size: number;
  /** Of each row the number of its resource. */
  readonly ids: readonly [Int32Array, Int32Array];
  readonly index: (i: number, j: number) => number;
  readonly resourcesAt: (index: number) => [number, number];
}

function decayTable(decay: Decay, [rows, columns]: readonly [ResourcesInUse, ResourcesInUse]): DecayTable {
  const size = columns.values.length;
  const resourcesAt = (at: number): [number, number] => [
    rows.values[Math.floor(at / size)]!,
    columns.values[at % size]!,
  ];
  return {
    values: Float64Array.from({ length: rows.values.length * size }, (_, at) =>
      decay.value(...resourcesAt(at)),
    ),
    size,
    ids: [rows.ids, columns.ids],
    index: (i, j) => rows.ids[i]! * size + columns.ids[j]!,
    resourcesAt,
  };
}

/** The resources that some rows have, and of each row the number of its own. */
interface ResourcesInUse {
  readonly values: readonly number[];
  readonly ids: Int32Array;
}

function resourcesIn({ column, fidelityColumn, resources }: Shape, x: Matrix): ResourcesInUse {
  const values: number[] = [];
  const idOf = new Int32Array(resources.length).fill(-1);
  const ids = new Int32Array(x.rows);
  for (let i = 0; i < x.rows; i++) {
    const level = levelOf(column, x.data[i * x.columns + fidelityColumn]!);
    if (idOf[level]! < 0) idOf[level] = values.push(resources[level]!) - 1;
    ids[i] = idOf[level]!;
  }
  return { values, ids };
}

/** wᵢⱼ·(1 + r·D(sᵢ, tⱼ)), with r the share of the decay that all curves have in common. */
function withDecay(w: Matrix, { values, size, ids: [rows, columns] }: DecayTable, shared: number): Matrix {
  const result = matrix(w.rows, w.columns);
  for (let i = 0, k = 0; i < w.rows; i++) {
    const from = rows[i]! * size;
    for (let j = 0; j < w.columns; j++, k++)
      result.data[k] = w.data[k]! * (1 + shared * values[from + columns[j]!]!);
  }
  return result;
}

/** The prior of the common kernel's hyperparameters, and those of the decay behind them. */
function logPriorOf(
  { ownPriors }: Shape,
  common: Kernel,
  theta: Float64Array,
): ReturnType<Kernel['logPrior']> {
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
