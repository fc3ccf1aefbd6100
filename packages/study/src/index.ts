export { createStudy } from './create-study.ts';
export { bestTrial, type CompleteTrial, paretoFront } from './goal.ts';
export type { LocalStudy } from './local-study.ts';
export { replay, type StudyState } from './replay.ts';
export { type FileStorage, fileStorage } from './storage/file-storage.ts';
export { memoryStorage } from './storage/memory-storage.ts';
export type { LeaseOptions, PastTrial, StudyOptions } from './study-options.ts';
