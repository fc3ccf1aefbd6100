export { product, sum } from './kernels/combined.ts';
export { type CoregionalizationOptions, coregionalization } from './kernels/coregionalization.ts';
export { hamming } from './kernels/hamming.ts';
export { matern32 } from './kernels/matern32.ts';
export { matern52 } from './kernels/matern52.ts';
export type { LogNormal } from './kernels/priors.ts';
export { rbf } from './kernels/rbf.ts';
export { type KernelOptions, stationaryKernel } from './kernels/stationary-kernel.ts';
export type { StationaryProfile } from './kernels/stationary-profile.ts';
export { type GaussianProcessOptions, gaussianProcess } from './models/gaussian-process.ts';
export { type LeaveOneOut, leaveOneOut } from './models/leave-one-out.ts';
export { autoregressive } from './multi-fidelity/autoregressive.ts';
export { type MultiFidelityOptions, multiFidelity } from './multi-fidelity/multi-fidelity.ts';
export { type AutoTransferTuning, maxCorrelatedTasks } from './transfer/defaults.ts';
export { type AutoTransferOptions, autoTransfer } from './transfer/methods/auto-transfer.ts';
export { type EmpiricalPriorOptions, empiricalPrior } from './transfer/methods/empirical-prior.ts';
export { type GateOptions, gated } from './transfer/methods/gated.ts';
export { type MultiTaskOptions, multiTask } from './transfer/methods/multi-task.ts';
export { type QuantileTransferOptions, quantileTransfer } from './transfer/methods/quantile-transfer.ts';
export { type RankingWeightedOptions, rankingWeighted } from './transfer/methods/ranking-weighted.ts';
export { residualTransfer } from './transfer/methods/residual-transfer.ts';
export { stackedResidual } from './transfer/methods/stacked-residual.ts';
export { type TwoStageOptions, twoStage } from './transfer/methods/two-stage.ts';
export { promisingPoints, type WarmStartOptions, warmStart } from './transfer/methods/warm-start.ts';
export { checkMetaFeatures } from './transfer/sources/check-meta-features.ts';
export type { PrepareSourcesOptions } from './transfer/sources/empirical-prior-of.ts';
export {
  type MappedStudy,
  mapStudyToSpace,
  type PriorStudy,
} from './transfer/sources/map-study.ts';
export { type PreparedSources, prepareSources } from './transfer/sources/prepare-sources.ts';
export type { PriorTask } from './transfer/sources/prior-task.ts';
export { weightedBySimilarity } from './transfer/sources/task-similarity.ts';
export {
  type SourceWeight,
  type SourceWeights,
  type TransferWhy,
  transferWhy,
} from './transfer/transfer-why.ts';
