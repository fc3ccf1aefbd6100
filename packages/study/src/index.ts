export { atTargetFidelity } from './at-target-fidelity.ts';
export { type CheckpointFolders, checkpointFolders, type PieceFolder } from './checkpoint-folders.ts';
export { comparableTrials } from './comparable-trials.ts';
export { createStudy } from './create-study.ts';
export type { StudyChange, StudyEditResult } from './edit-plan.ts';
export { pastTrials } from './edit-values.ts';
export { enqueueOnce } from './enqueue-once.ts';
export {
  type Evaluation,
  evaluate,
  type ObjectiveFunction,
  type TrialContext,
  type TrialEnding,
} from './evaluate.ts';
export { type FailureLimit, failureLimit } from './failure-limit.ts';
export { bestTrial, type CompleteTrial, checkedFidelity, paretoFront } from './goal.ts';
export type { LocalStudy } from './local-study.ts';
export { type LoggedFidelities, loggedFidelities } from './logged-fidelities.ts';
export { deleteStudy, type MoveOptions, renameStudy } from './move-study.ts';
export { oneByOne, oneByOnePerKey } from './one-by-one.ts';
export { type OptimizeOptions, type OptimizeResult, optimize } from './optimize.ts';
export { lastOutlierNotes, outlierNotesOf } from './outlier-notes-of.ts';
export { type PresentTrials, presentTrials } from './present-trials.ts';
export { processName, processRuns } from './process-name.ts';
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
export { type LiveState, type LogFold, logFold, replay, type StudyState } from './replay.ts';
export type { DifferenceCause } from './replay-difference.ts';
export {
  type ConfiguredSampler,
  countSuggestions,
  type ReplayedSuggestion,
  type ReplayOptions,
  replaySuggestions,
} from './replay-suggestions.ts';
export { type SharedStudy, type SharedStudyOptions, sharedStudy } from './shared-study.ts';
export { anyOf } from './stopping/any-of.ts';
export { costLimit } from './stopping/cost-limit.ts';
export { noImprovement } from './stopping/no-improvement.ts';
export { regretBound } from './stopping/regret-bound.ts';
export { stopCheck } from './stopping/stop-check.ts';
export type { StopReason, StopRule, StudyProgress } from './stopping/stop-rule.ts';
export { targetValue } from './stopping/target-value.ts';
export { timeLimit } from './stopping/time-limit.ts';
export {
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
export { eventsOf, type StudyData, studyDataOf } from './study-data.ts';
export { type StudyEdit, spacesOf } from './study-edits.ts';
export type { LeaseOptions, PastTrial, StudyOptions } from './study-options.ts';
export { type StudyRecord, studyRecord } from './study-record.ts';
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
} from './study-summary.ts';
export { type StudyWorker, studyWorkers, type WorkerOptions } from './study-workers.ts';
export type { SuggestionAnswer, SuggestionBackend, SuggestionCall } from './suggestion-backend.ts';
export { type SuggestionsOfLog, suggestionsOfLog } from './suggestions-of-log.ts';
export { trainingCosts } from './training-costs.ts';
export { trainingCurves } from './training-curves.ts';
export { asKnownConfiguration, piecesOf, type TrainedConfiguration } from './training-pieces.ts';
export { type PastStudy, studySource, type TransferSource } from './transfer-source.ts';
export { TrialPruned } from './trial-pruned.ts';
export { copyStudy, type StoredStudy, writeLog, writeStudy } from './write-study.ts';
