export { bestOfValues, bestSoFar } from './best-so-far.ts';
export type { ChartOptions, ChartSpec } from './chart-spec.ts';
export { type ConvergenceOptions, convergence, type Series } from './convergence.ts';
export { toSvg } from './to-svg.ts';
