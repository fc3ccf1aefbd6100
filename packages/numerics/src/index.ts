export { type Bfgs, type BfgsOptions, bfgs } from './bfgs/bfgs.ts';
export { erfc, erfcx } from './erfc.ts';
export { lgamma, logBeta } from './gamma.ts';
export { knowledgeGradient } from './knowledge-gradient.ts';
export {
  type Bounds,
  type Lbfgsb,
  type LbfgsbOptions,
  lbfgsb,
  type Minimum,
  type StopReason,
} from './lbfgsb/lbfgsb.ts';
export { minimize, minimizeMany, type ValueAndGradient, type ValuesAndGradients } from './lbfgsb/minimize.ts';
export { logH, logHGradient } from './log-h.ts';
export { logProbabilityAbove } from './log-probability-above.ts';
export { log1mexp, logSumExp } from './log-sum-exp.ts';
export { logNormalCdf, normalCdf, normalPdf, normalQuantile, standardNormal } from './normal.ts';
export { mostSobolDimensions, type Sobol, sobol } from './sobol/sobol.ts';
