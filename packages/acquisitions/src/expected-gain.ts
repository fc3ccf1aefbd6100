/**
 * What one observation, with its noise, is expected to raise the largest of several means by (Frazier, Powell, Dayanik 2009, "The
 * Knowledge-Gradient Policy for Correlated Normal Beliefs").
 *
 * q     points of the joint belief; the observed candidate is the last one
 * n     the first n of them are targets: points whose mean may turn out the largest
 * ν     variance of the observation's noise
 * s_i   C_iq/√(C_qq + ν), what the mean of target i moves by for one standard deviation of the observation
 * gain  E max_i(μ_i + s_i·Z) − max_i μ_i over the targets
 */
import { type AcquisitionBelief, type JointBelief, type JointDerivatives, matrix } from '@foothold/core';
import { knowledgeGradient, knowledgeGradientDerivatives } from '@foothold/numerics';

/** How a candidate is observed. */
interface Observation {
  /** n. */
  readonly targets: number;
  /** ν. */
  readonly noise: number;
}

/**
 * The observation of the last point of a joint belief, which comes after the targets: itself one of them, or its projection to
 * the target fidelity, which stands before it.
 */
export function observationOf({
  posterior: { noise = 0 },
  projectToTargetFidelity: project,
}: AcquisitionBelief): (joint: JointBelief) => Observation {
  return ({ mean }) => ({ targets: project ? mean.length - 1 : mean.length, noise });
}

/** The gain, from 0. */
export function expectedGain(belief: JointBelief, observation: Observation): number {
  const { mean, slope } = linesOf(belief, observation);
  return knowledgeGradient(mean, slope);
}

/** The gain with its derivatives in mean, q, and covariance, q×q. */
export function expectedGainDerivatives(belief: JointBelief, observation: Observation): JointDerivatives {
  const q = belief.mean.length;
  const { mean, slope, standardDeviation } = linesOf(belief, observation);
  const gain = knowledgeGradientDerivatives(mean, slope);
  const dMean = new Float64Array(q);
  dMean.set(gain.dMean);
  const dCovariance = matrix(q, q);
  const last = q * q - 1;
  gain.dSlope.forEach((d, i) => {
    const at = i * q + q - 1;
    dCovariance.data[at]! += d / standardDeviation;
    dCovariance.data[last]! -= (d * slope[i]!) / (2 * standardDeviation * standardDeviation);
  });
  return { value: gain.value, dMean, dCovariance };
}

/** log(max(gain, smallest)) with its derivatives: none where nothing is gained. */
export function logDerivatives(
  { value, dMean, dCovariance }: JointDerivatives,
  smallest = 0,
): JointDerivatives {
  const scale = value > smallest ? 1 / value : 0;
  return {
    value: Math.log(Math.max(value, smallest)),
    dMean: dMean.map((d) => scale * d),
    dCovariance: { ...dCovariance, data: dCovariance.data.map((d) => scale * d) },
  };
}

function linesOf({ mean, covariance }: JointBelief, { targets, noise }: Observation) {
  const q = mean.length;
  const standardDeviation = Math.sqrt(Math.max(covariance.data[q * q - 1]! + noise, 1e-300));
  const slope = Float64Array.from(
    { length: targets },
    (_, i) => covariance.data[i * q + q - 1]! / standardDeviation,
  );
  return { mean: mean.subarray(0, targets), slope, standardDeviation };
}
