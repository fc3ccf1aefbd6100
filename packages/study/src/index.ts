export type { SuggestionAnswer, SuggestionBackend, SuggestionCall } from './ahead/suggestion-backend.ts';
export { type SuggestionsOfLog, suggestionsOfLog } from './ahead/suggestions-of-log.ts';
export { enqueueOnce } from './ask/enqueue-once.ts';
export { createStudy } from './create-study.ts';
export { atTargetFidelity } from './data/at-target-fidelity.ts';
export { comparableTrials } from './data/comparable-trials.ts';
export { type LoggedFidelities, loggedFidelities } from './data/logged-fidelities.ts';
export { deleteStudy, type MoveOptions, renameStudy } from './data/move-study.ts';
export { lastOutlierNotes, outlierNotesOf } from './data/outlier-notes-of.ts';
export { eventsOf, type StudyData, studyDataOf } from './data/study-data.ts';
export {
  type StudyActivity,
  type StudySummary,
  studyActivity,
  studySummaries,
  studySummary,
  studySummaryOf,
  type TrialCounts,
  trialCounts,
  type UnreadableStudy,
} from './data/study-summary.ts';
export { type PastStudy, studySource, type TransferSource } from './data/transfer-source.ts';
export { copyStudy, type StoredStudy, writeLog, writeStudy } from './data/write-study.ts';
export type { StudyChange, StudyEditResult } from './edits/edit-plan.ts';
export { pastTrials } from './edits/edit-values.ts';
export { type PresentTrials, presentTrials } from './edits/present-trials.ts';
export { type StudyEdit, spacesOf } from './edits/study-edits.ts';
export { bestTrial, type CompleteTrial, checkedFidelity } from './goal.ts';
export { processName, processRuns } from './leases/process-name.ts';
export { type StudyWorker, studyWorkers, type WorkerOptions } from './leases/study-workers.ts';
export type { LocalStudy } from './local-study.ts';
export { oneByOne, oneByOnePerKey } from './log/one-by-one.ts';
export { paretoFront } from './pareto-front.ts';
export { asha, type RungOptions } from './pruners/asha.ts';
export type { DecisionSteps } from './pruners/decision-steps.ts';
export { type DominancePrunerOptions, dominancePruner } from './pruners/dominance-pruner.ts';
export { hyperbandPruner } from './pruners/hyperband-pruner.ts';
export { indexedPruner } from './pruners/indexed-pruner.ts';
export { medianPruner } from './pruners/median-pruner.ts';
export { type PatientPrunerOptions, patientPruner } from './pruners/patient-pruner.ts';
export { type PercentilePrunerOptions, percentilePruner } from './pruners/percentile-pruner.ts';
export { thresholdPruner } from './pruners/threshold-pruner.ts';
export { type WilcoxonPrunerOptions, wilcoxonPruner } from './pruners/wilcoxon-pruner.ts';
export type { DifferenceCause } from './replay/replay-difference.ts';
export {
  type ConfiguredSampler,
  countSuggestions,
  type ReplayedSuggestion,
  type ReplayOptions,
  replaySuggestions,
} from './replay/replay-suggestions.ts';
export {
  type Evaluation,
  evaluate,
  type ObjectiveFunction,
  outcomeOfEvaluation,
  type TrialContext,
  type TrialEnding,
} from './run/evaluate.ts';
export { type FailureLimit, failureLimit } from './run/failure-limit.ts';
export { type OptimizeOptions, type OptimizeResult, optimize } from './run/optimize.ts';
export { TrialPruned } from './run/trial-pruned.ts';
export { type SharedStudy, type SharedStudyOptions, sharedStudy } from './shared-study.ts';
export { type LogFold, logFold, replay } from './state/replay.ts';
export type { LiveState, StudyState } from './state/study-state.ts';
export { anyOf } from './stopping/any-of.ts';
export { costLimit } from './stopping/cost-limit.ts';
export { noImprovement } from './stopping/no-improvement.ts';
export { regretBound } from './stopping/regret-bound.ts';
export { stopCheck } from './stopping/stop-check.ts';
export type { StopReason, StopRule, StudyProgress } from './stopping/stop-rule.ts';
export { targetValue } from './stopping/target-value.ts';
export { timeLimit } from './stopping/time-limit.ts';
export {
  refuseBeyondBudget,
  type TrainingBudget,
  trainingBudget,
  trainingBudgetRule,
  trainingSpent,
} from './stopping/training-budget.ts';
export { trialLimit } from './stopping/trial-limit.ts';
export { type FileStorage, type FileStorageOptions, fileStorage } from './storage/file-storage.ts';
export { type IndexedDbStorage, indexedDbStorage } from './storage/indexed-db/indexed-db-storage.ts';
export { type MemoryStorage, memoryStorage } from './storage/memory-storage.ts';
export { readLogFile } from './storage/read-log-file.ts';
export type { LeaseOptions, PastTrial, StudyOptions } from './study-options.ts';
export { type StudyRecord, studyRecord } from './study-record.ts';
export {
  type CheckpointFolders,
  checkpointFolders,
  type PieceFolder,
} from './training/checkpoint-folders.ts';
export { type FolderMark, folderMark } from './training/folder-mark.ts';
export { trainingCosts } from './training/training-costs.ts';
export { trainingCurves } from './training/training-curves.ts';
export { asKnownConfiguration, piecesOf, type TrainedConfiguration } from './training/training-pieces.ts';
