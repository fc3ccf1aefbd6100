/**
 * Log expected hypervolume improvement over an uncertain front: qLogNEHVI for one candidate at a time (Daulton, Balandat, Bakshy 2021,
 * "Parallel Bayesian Optimization of Multiple Noisy Objectives with Expected Hypervolume Improvement", eq. 3; Ament et al. 2023, §3.3).
 * The draws are of the front alone: given one, the belief at the candidate is normal, and its improvement has a closed form.
 *
 * b        the baseline: observed points that may be on the front, then pending ones, q
 * f_s      draw s of an objective at the baseline, μ_b + L·z_s with L·Lᵀ = K, its covariance there; z_s normal scores of a Sobol sequence
 * k        covariance of the candidate with the baseline, q; given f_s its mean is μ + kᵀα_s with α_s = L⁻ᵀz_s, its variance c − kᵀK⁻¹k
 * value    log (1/S)·Σ_s HVI_s
 */
import {
  InvalidArgumentError,
  type JointBelief,
  type JointDerivatives,
  type Matrix,
  type MultiObjectiveAcquisition,
  type MultiObjectiveBelief,
  matrix,
  matrixOf,
  type Posterior,
  type Rng,
  rowOf,
  UnsupportedError,
} from '@foothold/core';
import { logSumExp, nonDominatedBoxes } from '@foothold/numerics';
import { fixedNormals, lowerRoot } from './fixed-draws.ts';
import { frontOf } from './front-of.ts';
import { logHypervolumeImprovement } from './log-hypervolume-improvement.ts';
import { inferReferencePoint } from './reference-point.ts';

export interface QLogNoisyExpectedHypervolumeImprovementOptions {
  /** Draws of the front, S; a power of two spreads best. Default: 32. */
  readonly samples?: number | undefined;
}

const maxSamples = 2 ** 12;
/** Share of the largest variance that is added to the others, so that points twice in the baseline can be factored. */
const jitter = 1e-8;
const smallestVariance = 1e-300;

/**
 * For objectives with noise, and for pending points without fantasies: the front is drawn from the joint belief at the observed and the
 * pending points, and the improvement is averaged over the draws. In log units; smooth, since the draws are fixed. Exact given the draws,
 * for two or more objectives. The reference point is that of `logExpectedHypervolumeImprovement`.
 *
 * `prepare` throws UnsupportedError for posteriors without `joint` and without a row. Throws InvalidArgumentError for `samples` that is no
 * whole number from 1 to 4,096.
 */
export function qLogNoisyExpectedHypervolumeImprovement(
  options: QLogNoisyExpectedHypervolumeImprovementOptions = {},
): MultiObjectiveAcquisition {
  const { samples = 32 } = options;
  if (!(Number.isInteger(samples) && samples >= 1 && samples <= maxSamples))
    throw new InvalidArgumentError('samples', samples, 'a whole number from 1 to 4,096');
  return {
    name: 'qLogNoisyExpectedHypervolumeImprovement',
    handlesPending: true,
    async prepare(belief) {
      const beside = await baselineOf(belief, samples);
      const means = await drawsAt(belief.posteriors, beside, { samples, rng: belief.rng.fork('draws') });
      const referencePoint = inferReferencePoint(belief.ranges);
      const formulas = Array.from({ length: samples }, (_, s) =>
        logHypervolumeImprovement(
          nonDominatedBoxes(pointsOf(means, s), referencePoint),
          belief.posteriors.length,
        ),
      );
      const improvement = (beliefs: readonly JointBelief[]) => averaged(beliefs, means, formulas);
      return {
        beside,
        value: (beliefs) => improvement(beliefs).value,
        derivatives: (beliefs) => improvement(beliefs).derivatives(),
      };
    },
  };
}

/** Draws of one objective at some points. */
interface Draws {
  /** L, q×q. */
  readonly root: Float64Array;
  /** f_s and α_s, S×q each. */
  readonly values: readonly Float64Array[];
  readonly weights: readonly Float64Array[];
}

async function drawsAt(
  posteriors: readonly Posterior[],
  points: Matrix,
  { samples, rng }: { readonly samples: number; readonly rng: Rng },
): Promise<readonly Draws[]> {
  const q = points.rows;
  const m = posteriors.length;
  const normals = fixedNormals(q * m, samples, rng);
  return Promise.all(
    posteriors.map(async (posterior, j): Promise<Draws> => {
      if (!posterior.joint) throw new UnsupportedError('a joint belief over points', 'the surrogate');
      const { mean, covariance } = await posterior.joint(points);
      const root = lowerRoot(jittered(covariance.data, q), q);
      const scores = Array.from({ length: samples }, (_, s) =>
        normals.subarray((s * m + j) * q, (s * m + j + 1) * q),
      );
      return {
        root,
        values: scores.map((z) => mean.map((u, i) => u + dotRow(root, z, { q, i }))),
        weights: scores.map((z) => solvedTransposed(root, z)),
      };
    }),
  );
}

/** The observed points that are on the front of a draw, then the pending ones. */
async function baselineOf(
  { posteriors, observed, pending, rng }: MultiObjectiveBelief,
  samples: number,
): Promise<Matrix> {
  if (observed.rows === 0)
    throw new UnsupportedError('improvement on an empty front', 'this acquisition', 'evaluate a first point');
  const draws = await drawsAt(posteriors, observed, { samples, rng: rng.fork('baseline') });
  const kept = new Set(Array.from({ length: samples }, (_, s) => frontOf(pointsOf(draws, s))).flat());
  const rows = [...kept].sort((a, b) => a - b).map((i) => rowOf(observed, i));
  const more = Array.from({ length: pending?.rows ?? 0 }, (_, i) => rowOf(pending!, i));
  return matrixOf([...rows, ...more], observed.columns);
}

/** The points of draw s, one an objective vector. */
function pointsOf(draws: readonly Draws[], s: number): readonly Float64Array[] {
  return Array.from(draws[0]!.values[s]!, (_, i) => Float64Array.from(draws, ({ values }) => values[s]![i]!));
}

/** The value at a candidate, the last point of each belief, and what its derivatives are made of. */
function averaged(
  beliefs: readonly JointBelief[],
  draws: readonly Draws[],
  formulas: readonly ReturnType<typeof logHypervolumeImprovement>[],
) {
  const m = beliefs.length;
  const at = beliefs.map((belief, j) => conditional(belief, draws[j]!));
  const standardDeviation = Float64Array.from(at, ({ variance }) => Math.sqrt(variance));
  const each = formulas.map((formula, s) =>
    formula(
      Float64Array.from(at, ({ mean, cross }, j) => mean + dot(cross, draws[j]!.weights[s]!)),
      standardDeviation,
    ),
  );
  const logs = each.map(({ value }) => value);
  const value = logSumExp(logs) - Math.log(logs.length);
  const derivatives = (): readonly JointDerivatives[] =>
    Array.from({ length: m }, (_, j): JointDerivatives => {
      const { cross, solved, variance, isCertain } = at[j]!;
      const q = cross.length + 1;
      const dMean = new Float64Array(q);
      const dCovariance = matrix(q, q);
      const last = (q - 1) * q;
      let dVariance = 0;
      each.forEach((told, s) => {
        const share = Math.exp(told.value - value) / each.length;
        if (!(share > 0)) return;
        const along = share * told.dMean[j]!;
        dMean[q - 1]! += along;
        draws[j]!.weights[s]!.forEach((alpha, i) => {
          dCovariance.data[last + i]! += along * alpha;
        });
        if (!isCertain) dVariance += (share * told.dStandardDeviation[j]!) / (2 * Math.sqrt(variance));
      });
      solved.forEach((w, i) => {
        dCovariance.data[last + i]! -= 2 * dVariance * w;
      });
      dCovariance.data[last + q - 1] = dVariance;
      return { value, dMean, dCovariance };
    });
  return { value, derivatives };
}

/** The belief at the candidate given its baseline: μ, k, K⁻¹k and the variance. */
function conditional({ mean, covariance }: JointBelief, { root }: Draws) {
  const q = mean.length - 1;
  const last = q * (q + 1);
  const cross = covariance.data.slice(last, last + q);
  const whitened = solvedLower(root, cross);
  const variance = covariance.data[last + q]! - dot(whitened, whitened);
  const isCertain = !(variance > smallestVariance);
  return {
    mean: mean[q]!,
    cross,
    solved: solvedTransposed(root, whitened),
    variance: isCertain ? smallestVariance : variance,
    isCertain,
  };
}

function jittered(covariance: Float64Array, q: number): Float64Array {
  const result = Float64Array.from(covariance);
  let largest = smallestVariance;
  for (let i = 0; i < q; i++) largest = Math.max(largest, covariance[i * q + i]!);
  for (let i = 0; i < q; i++) result[i * q + i]! += jitter * largest;
  return result;
}

function dot(a: Float64Array, b: Float64Array): number {
  let sum = 0;
  for (let i = 0; i < a.length; i++) sum += a[i]! * b[i]!;
  return sum;
}

/** Component i of L·z. */
function dotRow(root: Float64Array, z: Float64Array, { q, i }: { readonly q: number; readonly i: number }) {
  let sum = 0;
  for (let k = 0; k <= i; k++) sum += root[i * q + k]! * z[k]!;
  return sum;
}

/** L⁻¹b; a pivot of 0 gives 0. */
function solvedLower(root: Float64Array, b: Float64Array): Float64Array {
  const q = b.length;
  const x = new Float64Array(q);
  for (let i = 0; i < q; i++) {
    let sum = b[i]!;
    for (let k = 0; k < i; k++) sum -= root[i * q + k]! * x[k]!;
    x[i] = root[i * q + i]! > 0 ? sum / root[i * q + i]! : 0;
  }
  return x;
}

/** L⁻ᵀb; a pivot of 0 gives 0. */
function solvedTransposed(root: Float64Array, b: Float64Array): Float64Array {
  const q = b.length;
  const x = new Float64Array(q);
  for (let i = q - 1; i >= 0; i--) {
    let sum = b[i]!;
    for (let k = i + 1; k < q; k++) sum -= root[k * q + i]! * x[k]!;
    x[i] = root[i * q + i]! > 0 ? sum / root[i * q + i]! : 0;
  }
  return x;
}
