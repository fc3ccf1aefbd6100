/**
 * Knowledge gradient over several fidelities (Poloczek, Wang, Frazier 2017, "Multi-Information Source Optimization"; in BoTorch
 * `qMultiFidelityKnowledgeGradient`).
 *
 * value  log of what one observation of the candidate, at its own fidelity, is expected to raise the largest mean at the target
 *        fidelity by; of a candidate at the target fidelity the larger of this and of the log expected improvement on the
 *        largest value observed there
 */
import {
  type Acquisition,
  type AcquisitionBelief,
  type JointBelief,
  type JointDerivatives,
  type Matrix,
  matrix,
  matrixOf,
  rowOf,
  UnsupportedError,
} from '@foothold/core';
import { expectedGain, expectedGainDerivatives, logDerivatives, observationOf } from './expected-gain.ts';
import { targetsOf } from './knowledge-gradient-targets.ts';
import { logImprovementOver } from './log-expected-improvement.ts';
import { type LogKnowledgeGradientOptions, targetCount } from './log-knowledge-gradient.ts';

/**
 * An acquisition for points with a fidelity: what an evaluation teaches about the best point at the target fidelity, or, at the
 * target fidelity itself, gains at once, because that value is kept. In log units, −∞ where it gains nothing; its cost is the
 * sampler's to subtract. Without fidelities every point is at the target fidelity.
 *
 * `prepare` throws UnsupportedError for a posterior without `joint`. Throws InvalidArgumentError for `targets` that is no whole
 * number from 1 to 1,024.
 */
export function logMultiFidelityKnowledgeGradient(options: LogKnowledgeGradientOptions = {}): Acquisition {
  const targets = targetCount(options);
  return {
    name: 'logMultiFidelityKnowledgeGradient',
    isLog: true,
    async prepare(belief) {
      const { posterior, projectToTargetFidelity: project } = belief;
      if (!posterior.joint) throw new UnsupportedError('a joint belief over points', 'the surrogate');
      const best = bestAtTarget(belief);
      const observation = observationOf(belief);
      const improvement = (joint: JointBelief, candidate: Float64Array) =>
        best > -Infinity && isAtTarget(matrixOf([candidate]), project)[0]
          ? improvementOf(joint, best)
          : undefined;
      return {
        beside: await targetsOf(belief, targets),
        project,
        value(joint, candidate) {
          const learned = Math.log(expectedGain(joint, observation(joint)));
          return Math.max(learned, improvement(joint, candidate)?.value ?? -Infinity);
        },
        derivatives(joint, candidate) {
          const learned = logDerivatives(expectedGainDerivatives(joint, observation(joint)));
          const gained = improvement(joint, candidate);
          return gained && !(learned.value >= gained.value) ? gained : learned;
        },
      };
    },
  };
}

/** The largest value observed at the target fidelity; −∞ before the first. */
function bestAtTarget({ data, projectToTargetFidelity: project }: AcquisitionBelief): number {
  const isTarget = isAtTarget(data.x, project);
  return data.y.reduce((most, v, i) => (isTarget[i] ? Math.max(most, v) : most), -Infinity);
}

/** Whether each point is its own projection. */
function isAtTarget(x: Matrix, project: AcquisitionBelief['projectToTargetFidelity']): readonly boolean[] {
  const projected = project?.(x) ?? x;
  return Array.from({ length: x.rows }, (_, i) => {
    const point = rowOf(projected, i);
    return rowOf(x, i).every((u, j) => u === point[j]);
  });
}

/** Log expected improvement of the last point of a joint belief, with its derivatives. */
function improvementOf({ mean, covariance }: JointBelief, best: number): JointDerivatives {
  const q = mean.length;
  const { value, dMean, dVariance } = logImprovementOver(best)(
    { mean: mean.slice(q - 1), variance: covariance.data.slice(q * q - 1) },
    matrix(1, 0),
  );
  const all = new Float64Array(q);
  const dCovariance = matrix(q, q);
  all[q - 1] = dMean[0]!;
  dCovariance.data[q * q - 1] = dVariance[0]!;
  return { value: value[0]!, dMean: all, dCovariance };
}
