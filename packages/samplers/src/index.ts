export { jointDraw, semidefiniteRoot } from '@foothold/numerics';
export {
  type AcquisitionSearchOptions,
  acquisitionSearch,
} from './acquisition-optimizer/acquisition-search.ts';
export { alternate } from './alternate.ts';
export { type AveragedUtility, averagedUtility } from './bayesian/averaged-utility.ts';
export { type BayesianOptions, bayesian, maxModelledObjectives } from './bayesian/bayesian.ts';
export { type ObjectiveData, objectiveData } from './bayesian/objective-data.ts';
export type { SearchRegion } from './bayesian/search-region.ts';
export { type MultiObjectiveModel, multiObjectiveModel } from './bayesian/several-objectives-model.ts';
export { type ThompsonSamplingOptions, thompsonSampling } from './bayesian/thompson-sampling.ts';
export { trustRegion } from './bayesian/trust-region.ts';
export { trustRegionBox } from './bayesian/trust-region-box.ts';
export { type WarmStartRegionOptions, warmStartRegion } from './bayesian/warm-start-region.ts';
export { type CmaEsOptions, cmaEs } from './cma-es/cma-es.ts';
export { type ExtraTreesOptions, extraTrees } from './forest/extra-trees.ts';
export { type Importance, type ImportanceOptions, importance } from './forest/importance.ts';
export type { EarlierStep } from './freeze-thaw/earlier-steps.ts';
export { type FreezeThawOptions, freezeThaw } from './freeze-thaw/freeze-thaw.ts';
export { grid } from './grid.ts';
export { latinHypercube } from './latin-hypercube.ts';
export type { CostBudget } from './multi-fidelity/fidelity-column.ts';
export {
  type MultiFidelitySamplerOptions,
  multiFidelitySampler,
} from './multi-fidelity/multi-fidelity-sampler.ts';
export { type Nsga2Options, nsga2 } from './nsga2.ts';
export { proposals } from './propose.ts';
export { random } from './random.ts';
export { sequence } from './sequence.ts';
export { sobol } from './sobol.ts';
export { type SuccessiveHalvingOptions, successiveHalving } from './successive-halving.ts';
export { type TpeOptions, tpe } from './tpe/tpe.ts';
export { transferStates } from './transfer-states.ts';
export { promisingPoints } from './warm-start/portfolio.ts';
export { type WarmStartOptions, type WarmStartSources, warmStart } from './warm-start/warm-start.ts';
