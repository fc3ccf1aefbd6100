export { type Beliefs, beliefAt, intervalShare } from './belief-at.ts';
export type { GainFigures } from './gain-figures.ts';
export {
  type ImportanceSetting,
  type ModelImportance,
  modelImportance,
  type ParameterImportance,
  type Share,
} from './model-importance.ts';
export type { ModelInput } from './model-input.ts';
export { modelInputOf } from './model-input-of.ts';
export { type SobolDesign, type SobolIndices, sobolDesign, sobolIndices } from './sobol-indices.ts';
export {
  type BeliefFigures,
  type ModelFigures,
  type StudyFigures,
  type StudyFiguresOptions,
  studyFigures,
} from './study-figures.ts';
export {
  canonicalPoints,
  minTrials,
  pointsOf,
  type StudyModel,
  studyModel,
} from './study-model.ts';
export { type SuggestedPointsOptions, suggestedPoints } from './suggested-points.ts';
