export { erfc, erfcx } from './erfc.ts';
export { lgamma, logBeta } from './gamma.ts';
export { logH, logHGradient } from './log-h.ts';
export { log1mexp, logSumExp } from './log-sum-exp.ts';
export { logNormalCdf, normalCdf, normalPdf, normalQuantile, standardNormal } from './normal.ts';
