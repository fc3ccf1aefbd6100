export type { Answer } from './answer.ts';
export { checkedJson, parsedJson } from './checked-json.ts';
export { type AnswerOptions, type Conversing, converse, shownTrial } from './converse.ts';
export { describedError } from './described-error.ts';
export { type LeaseRenewal, leaseRenewal } from './lease-renewal.ts';
export { outcomeOf } from './outcome-of.ts';
export { plannedTrials } from './planned-trials.ts';
export { comparedBy, type PrunerName, prunerNamed, prunerNames, prunerOfFlag } from './pruner-named.ts';
export { repeatedName } from './repeated-name.ts';
export {
  type PastTrial,
  type Request,
  type RequestOf,
  requestSchemas,
  studyName,
  type TransferSource,
} from './request-schemas.ts';
export { type NamedOptions, type SamplerName, samplerNamed, samplerNames } from './sampler-named.ts';
export { type GivenSources, MissingSourcesError, samplerOfLog } from './sampler-of-log.ts';
export { serveAskTell, type TextInput, type TextOutput } from './serve-ask-tell.ts';
export { type AskTellOptions, type AskTellSession, askTellSession } from './session.ts';
export {
  type GivenSource,
  givenSource,
  namedOf,
  refuseEmpty,
  type SourceOptions,
  sourcesOf,
} from './sources-of.ts';
export { stopAttribute, stoppedByHand } from './stopped.ts';
export { changeOf } from './study-conversation.ts';
export { type RequestedOptions, type StudyRequest, spaceOfRequest, studyOptionsOf } from './study-options.ts';
