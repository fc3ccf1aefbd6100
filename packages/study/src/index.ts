export { createStudy } from './create-study.ts';
export type { StudyChange, StudyEditResult } from './edit-plan.ts';
export { enqueueOnce } from './enqueue-once.ts';
export type { Evaluation, ObjectiveFunction, TrialContext } from './evaluate.ts';
export { bestTrial, type CompleteTrial, paretoFront } from './goal.ts';
export type { LocalStudy } from './local-study.ts';
export { deleteStudy, type MoveOptions, renameStudy } from './move-study.ts';
export { type OptimizeOptions, type OptimizeResult, optimize } from './optimize.ts';
export { asha } from './pruners/asha.ts';
export { medianPruner } from './pruners/median-pruner.ts';
export { replay, type StudyState } from './replay.ts';
export type { DifferenceCause } from './replay-difference.ts';
export {
  type ConfiguredSampler,
  countSuggestions,
  type ReplayedSuggestion,
  type ReplayOptions,
  replaySuggestions,
} from './replay-suggestions.ts';
export { noImprovement } from './stopping/no-improvement.ts';
export { regretBound } from './stopping/regret-bound.ts';
export type { StopRule } from './stopping/stop-rule.ts';
export { type FileStorage, type FileStorageOptions, fileStorage } from './storage/file-storage.ts';
export { type MemoryStorage, memoryStorage } from './storage/memory-storage.ts';
export { readLogFile } from './storage/read-log-file.ts';
export { type StudyData, studyDataOf } from './study-data.ts';
export type { StudyEdit } from './study-edits.ts';
export type { LeaseOptions, PastTrial, StudyOptions } from './study-options.ts';
export { type StudyRecord, studyRecord } from './study-record.ts';
export {
  type StudyActivity,
  type StudySummary,
  studySummaries,
  studySummary,
  type TrialCounts,
  type UnreadableStudy,
} from './study-summary.ts';
export { type StudyWorker, studyWorkers, type WorkerOptions } from './study-workers.ts';
export { type PastStudy, studySource, type TransferSource } from './transfer-source.ts';
export { TrialPruned } from './trial-pruned.ts';
export { copyStudy, type StoredStudy, writeLog, writeStudy } from './write-study.ts';
