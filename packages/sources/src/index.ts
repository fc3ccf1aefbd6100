export { type ReadSourcesOptions, readSources } from './read-sources.ts';
export { readTextFile } from './read-text-file.ts';
export { SourceError } from './source-error.ts';
