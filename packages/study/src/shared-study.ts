import type { Params } from '@foothold/core';
import type { SuggestionBackend } from './ahead/suggestion-backend.ts';
import { suggestionsAhead } from './ahead/suggestions-ahead.ts';
import type { LocalStudy } from './local-study.ts';
import type { StudyState } from './state/study-state.ts';
import { studyObject } from './study-object.ts';
import type { LeaseOptions, StudyOptions } from './study-options.ts';
import { recordOf, type StudyRecord } from './study-record.ts';

/** One study of a process for several workers: their calls go to one fold of its log, and their asks wait for one another. */
export interface SharedStudy<P extends Params = Params> {
  /**
   * The study as the worker of this name sees it, whose leases are its own. Throws InvalidArgumentError for options outside their range.
   * What is stored is checked again, and the first call throws what `createStudy` would.
   */
  worker(lease?: LeaseOptions): LocalStudy<P>;
  /** The study's record, of the same fold. */
  readonly record: StudyRecord;
}

export interface SharedStudyOptions<P extends Params = Params> extends Omit<StudyOptions<P>, 'lease'> {
  /** Awaited after asks, before the next ones begin: lets the process do other work while many wait, such as answering those who only look. */
  readonly pause?: (() => Promise<void>) | undefined;
  /**
   * Called with the newest state before an ask takes a trial or has a suggestion made; what it throws, the ask throws. The state is not to be
   * changed, and goes on.
   */
  readonly refuseAsk?: ((state: StudyState<P>) => void) | undefined;
  /**
   * The same before an ask begins a new trial, in the very state in which it would begin. One that runs already and that nobody works on any
   * more is given out without it.
   */
  readonly refuseNewTrial?: ((state: StudyState<P>) => void) | undefined;
  /**
   * Makes the suggestions elsewhere, such as in a thread of its own, and ahead of the asks. Absent: the sampler is called here, by the
   * ask. Either way the sampler of the options is needed: for what it supports, and where the backend cannot.
   */
  readonly suggestions?: SuggestionBackend | undefined;
}

/**
 * The study of this name in the storage for several workers of one process, such as the clients of a server. Asks begin in the order in which
 * they came, whichever worker they are of, and those that wait for a suggestion get theirs in that order. Throws as `createStudy`.
 */
export function sharedStudy<P extends Params>(of: SharedStudyOptions<P>): SharedStudy<P> {
  const { pause, refuseAsk, refuseNewTrial, suggestions, ...options } = of;
  const ahead =
    suggestions && ((owners: ReadonlySet<string>) => suggestionsAhead(suggestions, options.space, owners));
  const { worker, log } = studyObject(options, { pause, refuseAsk, refuseNewTrial, ahead });
  return { worker, record: recordOf(log, options.name ?? 'study') };
}
