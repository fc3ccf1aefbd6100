export type { AiSdkLanguageModel } from './access/ai-sdk-language-model.ts';
export { type AiSdkModelOptions, aiSdkModel } from './access/ai-sdk-model.ts';
export { defaultKeyVariable, type KeySource } from './access/api-key.ts';
export { checkLanguageModel } from './access/check-language-model.ts';
export {
  type LanguageModelOptions,
  languageModel,
  type TokenLimitName,
  tokenLimitNames,
} from './access/language-model.ts';
export { type RecordedReply, type Replies, type Reply, recordedModel } from './access/recorded-model.ts';
export { recordingModel } from './access/recording-model.ts';
export { advised } from './advised/advised.ts';
export type { AdvisedOptions } from './advised/advised-options.ts';
export { adviserFailure } from './adviser-failure.ts';
export type { CandidateOptions, CandidatesRequest } from './candidates/candidate-options.ts';
export { type Candidates, candidates } from './candidates/candidates.ts';
export { targetScore } from './candidates/target-score.ts';
export { parametersOf } from './card/parameters-of.ts';
export { type TaskCardProblem, taskCard } from './card/task-card.ts';
export { taskCardJsonSchema } from './card/task-card-json-schema.ts';
export type { TaskCard } from './card/task-card-schema.ts';
export {
  rangeText,
  type TaskContext,
  type TaskTextOptions,
  taskContexts,
  taskText,
} from './card/task-text.ts';
export { type Clock, systemClock } from './clock.ts';
export {
  BudgetExceededError,
  LanguageModelError,
  type LanguageModelFailure,
  TaskCardError,
} from './errors.ts';
export type { Budget, BudgetReservation } from './limits/budget.ts';
export { budgetedModel } from './limits/budgeted-model.ts';
export { cachedModel } from './limits/cached-model.ts';
export { type CompletionCache, memoryCache } from './limits/completion-cache.ts';
export { countedModel } from './limits/counted-model.ts';
export {
  endedState,
  type Ledger,
  type LedgerOptions,
  type LedgerState,
  ledger,
  type Reservation,
} from './limits/ledger.ts';
export { type LimitedModelOptions, limitedModel } from './limits/limited-model.ts';
export { costOf, type Prices } from './limits/prices.ts';
export { type Admission, type RateLimit, type RateLimitOptions, rateLimit } from './limits/rate-limit.ts';
export { rateLimitedModel } from './limits/rate-limited-model.ts';
export { type RetryOptions, retriedModel } from './limits/retried-model.ts';
export { timeLimitedModel } from './limits/time-limited-model.ts';
export { llambo } from './llambo/llambo.ts';
export type { LlamboMode, LlamboOptions } from './llambo/llambo-options.ts';
export { answerForm } from './prompts/answer-form.ts';
export { type ConfigurationTextOptions, configurationText, nameText } from './prompts/configuration-text.ts';
export { numberText } from './prompts/number-text.ts';
export { type RetryPrompt, retryPrompt } from './prompts/retry-prompt.ts';
export { valueText } from './prompts/value-text.ts';
export {
  type ConfigurationsIn,
  type ConfigurationsInOptions,
  configurationsIn,
} from './replies/configurations-in.ts';
export { type Dropped, type DropReason, droppedInAll } from './replies/dropped.ts';
export { numberIn } from './replies/number-in.ts';
export { scoreIn } from './replies/score-in.ts';
export { shownText } from './replies/shown-text.ts';
export type { ReportFigure } from './reports/report-figure.ts';
export { type WrittenReport, type WrittenReportOptions, writtenReport } from './reports/written-report.ts';
export { type NumberCheckOptions, type WrongNumber, wrongNumbers } from './reports/wrong-numbers.ts';
export { requestDigest } from './request-digest.ts';
export { candidateSearch } from './surrogates/candidate-search.ts';
export { type DiscriminativeOptions, discriminative } from './surrogates/discriminative.ts';
export { type GenerativeOptions, generative } from './surrogates/generative.ts';
export type { LanguageSurrogateOptions } from './surrogates/surrogate-options.ts';
export { tokenBound } from './token-bound.ts';
export type { Warping } from './views/warping.ts';
export { type ZeroShotWarmStartOptions, zeroShotWarmStart } from './warm-start/zero-shot-warm-start.ts';
