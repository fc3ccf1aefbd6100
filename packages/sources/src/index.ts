export { type ReadSourcesOptions, readSources } from './read-sources.ts';
export { SourceError } from './source-error.ts';
