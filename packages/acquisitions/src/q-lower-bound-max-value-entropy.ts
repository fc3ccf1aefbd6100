/**
 * GIBBON, a lower bound of what noisy observations tell of the largest value (Moss, Leslie, González, Rayson 2021, "GIBBON:
 * General-purpose Information-Based Bayesian Optimisation", eqs. 8 and 11; in BoTorch `qLowerBoundMaxValueEntropy`).
 *
 * q     the pending points and the candidate, which comes last; a projection of the candidate stands before it
 * y*_k  draws of the largest value, k = 1 … K
 * ν     variance of the noise of an observation
 * γ     (y*_k − μ_i)/σ_i, of the projection where the point has one
 * ρ²    squared correlation of the observation at the point with the value at its projection: σ²/(σ² + ν) without fidelities
 * w(γ)  r·(γ + r) with r = φ/Φ, what the variance of a standard normal loses below γ
 * R     correlations of the q observations
 * value −1/(2K)·Σ_ik log(1 − ρ_i²·w(γ_ik)) + ½·log det R, in nats
 */
import {
  type Acquisition,
  type AcquisitionBelief,
  type JointBelief,
  type JointDerivatives,
  matrix,
  UnsupportedError,
} from '@foothold/core';
import { upperTruncatedNormal } from '@foothold/numerics';
import { type MaximaOptions, maximaOptions, sampledMaxima } from './sampled-maxima.ts';

/**
 * An acquisition of what an observation with its noise, together with those that still run, tells of the largest value (at the
 * target fidelity), in nats: pending points take the information that they share with the candidate. A cheap closed form.
 *
 * `prepare` throws UnsupportedError for a posterior without `joint`. Throws InvalidArgumentError for `maxima` that is no whole
 * number from 1 to 1,024 and for another `sampling`.
 */
export function qLowerBoundMaxValueEntropy(options: MaximaOptions = {}): Acquisition {
  const chosen = maximaOptions(options);
  return {
    name: 'qLowerBoundMaxValueEntropy',
    handlesPending: true,
    async prepare(belief) {
      const {
        posterior,
        data,
        projectToTargetFidelity: project,
        pending = matrix(0, data.x.columns),
      } = belief;
      if (!posterior.joint) throw new UnsupportedError('a joint belief over points', 'the surrogate');
      const setting: Setting = {
        maxima: await sampledMaxima(belief, chosen),
        noise: posterior.noise ?? 0,
        isProjected: project !== undefined,
      };
      return {
        beside: pending,
        project,
        logScale: { floor: await informationOfPending(belief, setting), unit: smallInformation },
        movable: project ? 0 : pending.rows,
        value: (joint) => informationOf(joint, setting).value,
        derivatives: (joint) => informationOf(joint, setting),
      };
    },
  };
}

/**
 * Information below which a candidate counts as telling nothing, in nats: far below what decides between two points, so that beside a cost
 * or a probability information counts by its ratio (decisions/2026-11-30-acquisitions.md).
 */
const smallInformation = 1e-6;

interface Setting {
  readonly maxima: Float64Array;
  readonly noise: number;
  /** Whether the point before the candidate is its projection. */
  readonly isProjected: boolean;
}

/** What the points that still run tell without the candidate. */
async function informationOfPending(
  { posterior, pending }: AcquisitionBelief,
  setting: Setting,
): Promise<number> {
  if (!pending || pending.rows === 0) return 0;
  return informationOf(await posterior.joint!(pending), { ...setting, isProjected: false }).value;
}

function informationOf(belief: JointBelief, setting: Setting): JointDerivatives {
  const q = belief.mean.length;
  const sum: Sum = { value: 0, dMean: new Float64Array(q), dCovariance: matrix(q, q) };
  const observed = Array.from({ length: q }, (_, i) => i).filter((i) => !setting.isProjected || i !== q - 2);
  for (const i of observed)
    addInformation(sum, belief, {
      setting,
      point: i,
      target: setting.isProjected && i === q - 1 ? q - 2 : i,
    });
  addLogDeterminant(sum, belief, { noise: setting.noise, observed });
  return sum;
}

interface Sum {
  value: number;
  readonly dMean: Float64Array;
  readonly dCovariance: JointDerivatives['dCovariance'];
}

const smallestVariance = 1e-300;

/** −1/(2K)·Σ_k log(1 − ρ²·w(γ_k)) of one observation, about the largest value where `target` is. */
function addInformation(
  sum: Sum,
  { mean, covariance }: JointBelief,
  { setting, point, target }: { readonly setting: Setting; readonly point: number; readonly target: number },
): void {
  const { maxima, noise } = setting;
  const q = mean.length;
  const spread = Math.max(covariance.data[target * q + target]!, smallestVariance);
  const total = Math.max(covariance.data[point * q + point]!, 0) + noise + smallestVariance;
  const shared = covariance.data[target * q + point]!;
  // 1 − ρ² is the noise's share, which is exact without fidelities.
  const explained = point === target ? 1 - noise / total : Math.min((shared * shared) / (spread * total), 1);
  const unexplained = point === target ? noise / total : 1 - explained;
  let dExplained = 0;
  let dSpread = 0;
  for (const maximum of maxima) {
    const bound = Math.min(Math.max((maximum - mean[target]!) / Math.sqrt(spread), -1e150), 1e150);
    const { variance, reduction, slope } = upperTruncatedNormal(bound);
    const left = unexplained + explained * variance;
    // Of small information log1p keeps the digits, of large `left`.
    sum.value -=
      (reduction < 0.5 ? Math.log1p(-explained * reduction) : Math.log(left)) / (2 * maxima.length);
    const weight = 1 / (2 * maxima.length * left);
    dExplained += weight * reduction;
    // dw/dγ = −dV/dγ.
    const dBound = -weight * explained * slope;
    sum.dMean[target]! -= dBound / Math.sqrt(spread);
    if (dBound !== 0) dSpread -= (dBound * bound) / (2 * spread);
  }
  const d = sum.dCovariance.data;
  d[target * q + target]! += dSpread;
  if (point === target) {
    d[point * q + point]! += (dExplained * noise) / (total * total);
    return;
  }
  d[target * q + point]! += (dExplained * 2 * shared) / (spread * total);
  d[target * q + target]! -= (dExplained * explained) / spread;
  d[point * q + point]! -= (dExplained * explained) / total;
}

/** Relative jitter of a variance, so that a point twice has a large finite loss. */
const jitter = 1e-10;

/** ½·log det R of the observed points, through the Cholesky factor of their covariance. */
function addLogDeterminant(
  sum: Sum,
  { mean, covariance }: JointBelief,
  { noise, observed }: { readonly noise: number; readonly observed: readonly number[] },
): void {
  const [q, n] = [mean.length, observed.length];
  if (n < 2) return;
  const scale = observed.map((i) =>
    Math.sqrt((1 + jitter) * Math.max(covariance.data[i * q + i]!, 0) + noise + smallestVariance),
  );
  const root = new Float64Array(n * n);
  const correlation = (a: number, b: number) =>
    a === b ? 1 : covariance.data[observed[a]! * q + observed[b]!]! / (scale[a]! * scale[b]!);
  for (let a = 0; a < n; a++)
    for (let b = 0; b <= a; b++) {
      let rest = correlation(a, b);
      for (let k = 0; k < b; k++) rest -= root[a * n + k]! * root[b * n + k]!;
      root[a * n + b] = a === b ? Math.sqrt(Math.max(rest, jitter)) : rest / root[b * n + b]!;
    }
  for (let a = 0; a < n; a++) sum.value += Math.log(root[a * n + a]!);
  const inverse = inverseOf(root, n);
  const d = sum.dCovariance.data;
  for (let a = 0; a < n; a++)
    for (let b = 0; b < n; b++) {
      const at = observed[a]! * q + observed[b]!;
      const entry = inverse[a * n + b]! / (2 * scale[a]! * scale[b]!);
      // On the diagonal the scales move too: log det R = log det (C + νI) − Σ log (C_ii + ν).
      d[at]! += a === b ? (1 + jitter) * (entry - 1 / (2 * scale[a]! * scale[a]!)) : entry;
    }
}

/** (L·Lᵀ)⁻¹, n×n. */
function inverseOf(root: Float64Array, n: number): Float64Array {
  const inner = new Float64Array(n * n);
  for (let j = 0; j < n; j++)
    for (let i = j; i < n; i++) {
      let rest = i === j ? 1 : 0;
      for (let k = j; k < i; k++) rest -= root[i * n + k]! * inner[k * n + j]!;
      inner[i * n + j] = rest / root[i * n + i]!;
    }
  const result = new Float64Array(n * n);
  for (let i = 0; i < n; i++)
    for (let j = 0; j < n; j++)
      for (let k = Math.max(i, j); k < n; k++) result[i * n + j]! += inner[k * n + i]! * inner[k * n + j]!;
  return result;
}
