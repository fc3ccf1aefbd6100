export type { Answer } from './answer.ts';
export { checkedJson, parsedJson } from './checked-json.ts';
export { describedError } from './described-error.ts';
export { outcomeOf } from './outcome-of.ts';
export { comparedBy, type PrunerName, prunerNamed, prunerNames, prunerOfFlag } from './pruner-named.ts';
export {
  type PastTrial,
  type Request,
  type RequestOf,
  requestSchemas,
  type TransferSource,
} from './request-schemas.ts';
export { type NamedOptions, type SamplerName, samplerNamed, samplerNames } from './sampler-named.ts';
export { type GivenSources, samplerOfLog } from './sampler-of-log.ts';
export { serveAskTell } from './serve-ask-tell.ts';
export { type AskTellOptions, type AskTellSession, askTellSession } from './session.ts';
export { type SourceOptions, sourcesOf } from './sources-of.ts';
