import {
  type AskOptions,
  OutOfSpaceError,
  type Params,
  StorageError,
  type StudyEvent,
  type Trial,
  TrialLimitError,
  UnsupportedError,
} from '@foothold/core';
import { canonical } from './canonical.ts';
import { type CheckedNotes, checkedNotes } from './checked-notes.ts';
import { type Configuration, configuredEvents } from './configuration.ts';
import type { Leases } from './leases.ts';
import { nameOf } from './refuse-unsupported.ts';
import type { LiveState, StudyState } from './replay.ts';
import type { Plan, StudyLog } from './study-log.ts';
import { exhaustedEvents, notedEvents } from './study-plans.ts';
import { agrees, type Dequeued, type SuggestionRequest, suggestion } from './suggestion.ts';

/** How often a suggestion is made again because another worker got a trial first, before it is used as it is. */
const maxAttempts = 3;
/** How often one is made again because another worker got the very same parameters. */
const maxRepeats = 1000;

/** A suggestion and the events that the sampler saw. */
interface Suggested {
  readonly asked: Omit<Extract<StudyEvent, { readonly type: 'asked' }>, 'lease'>;
  readonly prefix: number;
}

interface Asker<P extends Params> {
  /** What makes the suggestions, for the log. */
  readonly configuration: Configuration;
  readonly commit: StudyLog<P>['commit'];
  readonly leases: Leases<P>;
  readonly request: Omit<SuggestionRequest<P>, 'seed' | 'fixed' | 'signal'>;
  readonly seed: (state: StudyState<P>) => number;
}

/**
 * The `ask` of a study. The sampler runs between two looks at the log, not inside of one: reports, tells and renewals that
 * arrive meanwhile neither wait for it nor make its work void. Only a trial that another worker got in between does, three
 * times at most; after that the suggestion is used unless it repeats that worker's parameters. The event names the prefix
 * of the log that the sampler saw where more events came in between.
 */
export function asker<P extends Params>(parts: Asker<P>): (options?: AskOptions<P>) => Promise<Trial<P>> {
  const { space, sampler } = parts.request;
  let last: Promise<unknown> = Promise.resolve();
  return (options = {}) => {
    const run = async () => {
      const { fixed } = options;
      const notes = checkedNotes(options);
      if (fixed && Object.keys(fixed).length > 0) {
        if (!sampler.supports?.includes('fixed')) throw new UnsupportedError('fixed', nameOf(sampler));
        space.coordinates?.(fixed as Partial<P>);
      }
      return askOnce(parts, options, notes);
    };
    const result = last.then(run);
    last = result.catch(() => undefined);
    return result;
  };
}

async function askOnce<P extends Params>(
  parts: Asker<P>,
  options: AskOptions<P>,
  notes: CheckedNotes | undefined,
): Promise<Trial<P>> {
  const { commit, request, seed } = parts;
  const { fixed, signal } = options;
  let made: Suggested | undefined;
  for (let attempts = 0; attempts < maxRepeats; attempts++) {
    const usable = (state: StudyState<P>) =>
      made && isUsable(state, made, attempts >= maxAttempts) ? made : undefined;
    const claimed = () =>
      commit((state) => {
        signal?.throwIfAborted();
        return claim(state, { ...parts, options, notes, made: usable(state) });
      });
    let got = await claimed();
    while (got === undefined) got = await claimed();
    if (!('snapshot' in got)) return got;
    const { snapshot: seen } = got;
    const next = await suggestion(seen, { ...request, seed: seed(seen), fixed, signal });
    if (next.type === 'asked') made = { asked: withFixed(next, fixed), prefix: seen.length };
    else await dequeue(commit, next);
  }
  throw new StorageError(`other workers got the same parameters first ${maxRepeats} times in a row`, {
    retry: true,
  });
}

/** A suggestion with what the ask gave, so that a replay can ask for it again. */
function withFixed<P extends Params>(
  asked: Suggested['asked'],
  fixed: Partial<P> | undefined,
): Suggested['asked'] {
  const isGiven = fixed !== undefined && Object.values(fixed).some((value) => value !== undefined);
  return isGiven && isSampled(asked) ? { ...asked, fixed: fixed as Params } : asked;
}

/** True where the sampler chose something: not all of the trial came from the queue. */
export function isSampled({ queued, given }: Pick<Suggested['asked'], 'queued' | 'given'>): boolean {
  return queued !== true || given !== undefined;
}

/**
 * Takes an abandoned trial, or the suggestion; without one answers the state to make it from. Where trials were lost too
 * often they fail first: undefined, and the next claim goes on. Throws TrialLimitError.
 */
function claim<P extends Params>(
  state: LiveState<P>,
  {
    leases,
    configuration,
    options: { fixed, trials },
    notes,
    made,
  }: Pick<Asker<P>, 'leases' | 'configuration'> & {
    readonly options: AskOptions<P>;
    readonly notes: CheckedNotes | undefined;
    readonly made: Suggested | undefined;
  },
): Plan<Trial<P> | Snapshot<P> | undefined> {
  const failing = exhaustedEvents(state, leases);
  if (failing.length > 0) return { events: failing, answer: () => undefined };
  if (trials !== undefined && leases.taken(state) >= trials) throw new TrialLimitError(trials);
  const lease = leases.fresh();
  const taking = (number: number, events: readonly StudyEvent[]) => ({
    events: [...events, ...notedEvents(state, number, notes)],
    answer: () => {
      leases.took(number);
      return state.trials[number]!;
    },
  });
  const again = leases.abandoned(state).find(({ params }) => agrees(params, fixed));
  if (again) {
    const { number, params } = again;
    const expired: StudyEvent[] = state.leases.has(number) ? [{ type: 'expired', number, lost: true }] : [];
    return taking(number, [...expired, { type: 'asked', number, params, lease }]);
  }
  if (!made) return { events: [], answer: () => snapshot(state) };
  const number = state.trials.length;
  const prefix = made.prefix < state.length ? { prefix: made.prefix } : {};
  const configured = isSampled(made.asked) ? configuredEvents(state, configuration) : [];
  return taking(number, [...configured, { ...made.asked, number, ...prefix, lease }]);
}

/** Takes from the queue what can be no trial, and throws OutOfSpaceError; returns where another worker took it first. */
function dequeue<P extends Params>(commit: StudyLog<P>['commit'], event: Dequeued): Promise<void> {
  const text = canonical(event.params);
  return commit((state) => {
    const isThere = state.queue.some((entry) => canonical(entry) === text);
    return {
      events: isThere ? [event] : [],
      answer: () => {
        if (!isThere) return;
        throw new OutOfSpaceError(
          'what was enqueued',
          event.params,
          `what can be asked, and it is taken from the queue: ${event.reason}`,
        );
      },
    };
  });
}

interface Snapshot<P extends Params> {
  readonly snapshot: StudyState<P>;
}

/** The state as it is now: the log's own goes on. */
function snapshot<P extends Params>(state: StudyState<P>): Snapshot<P> {
  return {
    snapshot: {
      ...state,
      trials: [...state.trials],
      queue: [...state.queue],
      leases: new Map(state.leases),
    },
  };
}

/**
 * Whether a suggestion may be written after the events that came since: no other trial did, or, where `late`, none with
 * its parameters. One from the queue may not follow another trial, which may have taken it.
 */
function isUsable<P extends Params>(state: StudyState<P>, { asked }: Suggested, late: boolean): boolean {
  const newer = state.trials.slice(asked.number);
  if (newer.length === 0) return true;
  const text = canonical(asked.params);
  return late && !asked.queued && newer.every(({ params }) => canonical(params) !== text);
}
