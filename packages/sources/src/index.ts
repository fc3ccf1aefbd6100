export {
  type ExportedStudy,
  type ExportFormat,
  type ExportOptions,
  type ExportTarget,
  exportStudy,
  exportTarget,
  exportTrials,
} from './export-study.ts';
export { type ImportedStudy, type ImportOptions, importStudy } from './import-study.ts';
export type { OptunaVersion } from './optuna-versions.ts';
export { type ReadSourcesOptions, readSources } from './read-sources.ts';
export { type FileStudy, readStudy } from './read-study.ts';
export type { ReadOptions, ReadStudy } from './read-study-options.ts';
export { readTextFile } from './read-text-file.ts';
export { SourceError } from './source-error.ts';
export { isReplaceable, writeTextFile } from './write-file.ts';
