export { type Bfgs, type BfgsOptions, bfgs } from './bfgs/bfgs.ts';
export { type QuasiNewton, type QuasiNewtonOptions, quasiNewton } from './bfgs/quasi-newton.ts';
export { erfc, erfcx } from './erfc.ts';
export { lgamma, logBeta } from './gamma.ts';
export { hypervolume } from './hypervolume/hypervolume.ts';
export { type Boxes, nonDominatedBoxes } from './hypervolume/non-dominated-boxes.ts';
export { jointDraw, semidefiniteRoot } from './joint-draws.ts';
export { kendallTau } from './kendall-tau.ts';
export { knowledgeGradient, knowledgeGradientDerivatives } from './knowledge-gradient.ts';
export { lbfgsb } from './lbfgsb/lbfgsb.ts';
export { minimize, minimizeMany, type ValueAndGradient, type ValuesAndGradients } from './lbfgsb/minimize.ts';
export type { Bounds, Lbfgsb, LbfgsbOptions, Minimum, StopReason } from './lbfgsb/stepper.ts';
export { logH, logHGradient } from './log-h.ts';
export { logProbabilityAbove } from './log-probability-above.ts';
export { log1mexp, logSumExp } from './log-sum-exp.ts';
export { logNormalCdf, normalCdf, normalPdf, normalQuantile, standardNormal } from './normal.ts';
export { maxSobolDimensions, type Sobol, sobol } from './sobol/sobol.ts';
export {
  logTruncationEntropy,
  type UpperTruncatedNormal,
  upperTruncatedNormal,
} from './upper-truncated-normal.ts';
