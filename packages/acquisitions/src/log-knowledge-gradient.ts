/**
 * Knowledge gradient (Frazier, Powell, Dayanik 2009, "The Knowledge-Gradient Policy for Correlated Normal Beliefs"), over a
 * discrete set of targets as in Scott, Frazier, Powell 2011.
 *
 * a₁ … a_k  targets: points whose mean one more observation may make the largest; the candidate joins them
 * s_i       cov(f(a_i), y)/√Var(y), y the observation of the candidate, with its noise
 * value     log (E max_i(μ_i + s_i·Z) − max_i μ_i)
 */
import { type Acquisition, InvalidArgumentError, UnsupportedError } from '@foothold/core';
import { expectedGain, expectedGainDerivatives, logDerivatives, observationOf } from './expected-gain.ts';
import { targetsOf } from './knowledge-gradient-targets.ts';

export interface LogKnowledgeGradientOptions {
  /** Number of targets: a quarter observed points, the others drawn from the domain. Default: 32. */
  readonly targets?: number | undefined;
}

const maxTargets = 1024;

/**
 * An acquisition of what one observation, with its noise, is expected to raise the largest mean by: unlike expected
 * improvement it may gain at other points than its own. In log units. Where points have fidelities, the largest mean at the
 * target fidelity.
 *
 * `prepare` throws UnsupportedError for a posterior without `joint`. Throws InvalidArgumentError for `targets` that is no whole
 * number from 1 to 1,024.
 */
export function logKnowledgeGradient(options: LogKnowledgeGradientOptions = {}): Acquisition {
  const targets = targetCount(options);
  return {
    name: 'logKnowledgeGradient',
    isLog: true,
    async prepare(belief) {
      const { posterior, projectToTargetFidelity: project } = belief;
      if (!posterior.joint) throw new UnsupportedError('a joint belief over points', 'the surrogate');
      const observation = observationOf(belief);
      return {
        beside: await targetsOf(belief, targets),
        project,
        value: (joint) => Math.log(Math.max(expectedGain(joint, observation(joint)), smallestGain)),
        derivatives: (joint) =>
          logDerivatives(expectedGainDerivatives(joint, observation(joint)), smallestGain),
      };
    },
  };
}

/** Below it there is no gain, and no slope: the logarithm stays finite. */
const smallestGain = 1e-300;

/** `targets` or its default. Throws InvalidArgumentError. */
export function targetCount({ targets = 32 }: LogKnowledgeGradientOptions): number {
  if (!(Number.isInteger(targets) && targets >= 1 && targets <= maxTargets))
    throw new InvalidArgumentError('targets', targets, 'a whole number from 1 to 1,024');
  return targets;
}
