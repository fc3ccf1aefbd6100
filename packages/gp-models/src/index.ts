export { type GaussianProcessOptions, gaussianProcess } from './gaussian-process.ts';
export { product, sum } from './kernels/combined.ts';
export { hamming } from './kernels/hamming.ts';
export { matern32 } from './kernels/matern32.ts';
export { matern52 } from './kernels/matern52.ts';
export type { LogNormal } from './kernels/priors.ts';
export { rbf } from './kernels/rbf.ts';
export { type KernelOptions, stationaryKernel } from './kernels/stationary-kernel.ts';
export type { StationaryProfile } from './kernels/stationary-profile.ts';
export { type LeaveOneOut, leaveOneOut } from './leave-one-out.ts';
export { autoregressive } from './multi-fidelity/autoregressive.ts';
export { type MultiFidelityOptions, multiFidelity } from './multi-fidelity/multi-fidelity.ts';
export { type AutoTransferOptions, autoTransfer } from './transfer/auto-transfer.ts';
export { checkMetaFeatures } from './transfer/check-meta-features.ts';
export { type CoregionalizationOptions, coregionalization } from './transfer/coregionalization.ts';
export { type EmpiricalPriorOptions, empiricalPrior } from './transfer/empirical-prior.ts';
export { type GateOptions, gated } from './transfer/gated.ts';
export type { Tuning as AutoTransferTuning } from './transfer/hypotheses.ts';
export { type MultiTaskOptions, multiTask } from './transfer/multi-task.ts';
export { fewSources } from './transfer/prior-of-sources.ts';
export { type QuantileTransferOptions, quantileTransfer } from './transfer/quantile-transfer.ts';
export { type RankingWeightedOptions, rankingWeighted } from './transfer/ranking-weighted.ts';
export { residualTransfer } from './transfer/residual-transfer.ts';
export { type EarlierStudy, type MatchedSource, sourceOn } from './transfer/source-on.ts';
export { stackedResidual } from './transfer/stacked-residual.ts';
export type { TransferSource } from './transfer/transfer-source.ts';
export {
  type SourceShares,
  type SourceWeight,
  type TransferWhy,
  transferWhy,
} from './transfer/transfer-why.ts';
export { type TwoStageOptions, twoStage } from './transfer/two-stage.ts';
export { promisingPoints, type WarmStartOptions, warmStart } from './transfer/warm-start.ts';
export { weighedByFeatures } from './transfer/weighed-by-features.ts';
