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
import { claimOf, claimsBeside } from './claims.ts';
import { type Configuration, configuredEvents } from './configuration.ts';
import type { GivenUp } from './given-up.ts';
import type { Leases } from './leases.ts';
import { nameOf } from './refuse-unsupported.ts';
import type { LiveState, StudyState } from './replay.ts';
import type { StateView } from './state-view.ts';
import type { Plan, StudyLog } from './study-log.ts';
import { endingEvents, notedEvents } from './study-plans.ts';
import { agrees, type Dequeued, type SuggestionRequest, suggestion } from './suggestion.ts';

/** How often one is made again because another worker got the very same parameters. */
const maxRepeats = 1000;

/** A suggestion and the events that the sampler saw. */
interface Suggested {
  readonly asked: Omit<Extract<StudyEvent, { readonly type: 'asked' }>, 'lease'>;
  readonly prefix: number;
  /** How many edits the study had then; undefined for none. */
  readonly edits: number | undefined;
}

interface Asker<P extends Params> {
  /** What makes the suggestions, for the log. */
  readonly configuration: Configuration;
  readonly commit: StudyLog<P>['commit'];
  readonly view: StudyLog<P>['view'];
  readonly leases: Leases<P>;
  readonly givenUp: GivenUp;
  readonly request: Omit<SuggestionRequest<P>, 'seed' | 'claim' | 'fixed' | 'signal'>;
  /** Throws InvalidArgumentError where the study has another space or goal now. */
  readonly refuseEdited: (state: LiveState<P>) => void;
}

/**
 * The `ask` of a study, in two steps. It looks at the log, and where other workers are seen it claims: they then know that
 * one more proposal is being made. The sampler runs between that and a second look, which takes the trial; what arrives
 * meanwhile, other workers' trials too, neither waits for it nor makes its work void. A suggestion is made again only where it
 * repeats the parameters of a trial that it could not know of. The event names the prefix of the log that the sampler saw where
 * more events came in between.
 */
export function asker<P extends Params>(parts: Asker<P>): (options?: AskOptions<P>) => Promise<Trial<P>> {
  const { space, sampler } = parts.request;
  let last: Promise<unknown> = Promise.resolve();
  const habit: Habit = { looksAtTrials: true };
  return (options = {}) => {
    const run = async () => {
      const { fixed } = options;
      const notes = checkedNotes(options);
      if (fixed && Object.keys(fixed).length > 0) {
        if (!sampler.supports?.includes('fixed')) throw new UnsupportedError('fixed', nameOf(sampler));
        space.coordinates?.(fixed as Partial<P>);
      }
      return askOnce({ ...parts, habit }, options, notes);
    };
    const result = last.then(run);
    last = result.catch(() => undefined);
    return result;
  };
}

/** What is known of the sampler. One that does not look at the trials gains nothing by claims. */
interface Habit {
  looksAtTrials: boolean;
}

async function askOnce<P extends Params>(
  parts: Asker<P> & { readonly habit: Habit },
  options: AskOptions<P>,
  notes: CheckedNotes | undefined,
): Promise<Trial<P>> {
  const { commit, request, habit } = parts;
  const { owner } = parts.leases;
  const { fixed, signal } = options;
  let made: Suggested | undefined;
  for (let attempts = 0; attempts < maxRepeats; attempts++) {
    const usable = (state: StudyState<P>) => (made && isUsable(state, made) ? made : undefined);
    const claimed = () =>
      commit((state) => {
        signal?.throwIfAborted();
        return claim(state, { ...parts, options, notes, made: usable(state) });
      });
    let got = await claimed();
    while (got === undefined) got = await claimed();
    if (!('seen' in got)) return got;
    const { seen } = got;
    const own = claimOf(seen.claims, owner);
    const by = { seed: seen.created!.seed, claim: own, fixed, signal };
    const next = await suggestion(seen, { ...request, ...by }).finally(seen.release);
    habit.looksAtTrials = seen.isLookedAt;
    if (next.type === 'asked')
      made = {
        asked: { ...withFixed(next, fixed), ...(own !== undefined && { claim: own }) },
        prefix: seen.length,
        edits: seen.edits?.length,
      };
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
 * Takes an abandoned trial, or the suggestion; without one claims, where it is of use, and answers the state to make it from.
 * Where trials were lost too often, or an edit left them outside of the space, they end first: undefined, and the next claim goes
 * on. Throws TrialLimitError.
 */
function claim<P extends Params>(
  state: LiveState<P>,
  {
    leases,
    givenUp,
    view,
    habit,
    configuration,
    request: { space },
    refuseEdited,
    options: { fixed, trials },
    notes,
    made,
  }: Pick<Asker<P>, 'leases' | 'givenUp' | 'view' | 'configuration' | 'request' | 'refuseEdited'> & {
    readonly habit: Habit;
    readonly options: AskOptions<P>;
    readonly notes: CheckedNotes | undefined;
    readonly made: Suggested | undefined;
  },
): Plan<Trial<P> | { readonly seen: StateView<P> } | undefined> {
  refuseEdited(state);
  // Where nothing has come since the first look, none is free that was not then.
  const isUnchanged = made?.prefix === state.length;
  const failing = isUnchanged ? [] : endingEvents(state, leases, space);
  if (failing.length > 0) return { events: failing, answer: () => givenUp.add(failing) as undefined };
  if (trials !== undefined && leases.taken(state) >= trials) throw new TrialLimitError(trials);
  const lease = leases.fresh();
  const taking = (number: number, events: readonly StudyEvent[]) => ({
    events: [...events, ...notedEvents(state, number, notes)],
    answer: () => {
      leases.took(number);
      return state.trials[number]!;
    },
  });
  const free = isUnchanged ? [] : leases.abandoned(state);
  const again = free.find(({ params }) => agrees(params, fixed));
  if (again) {
    const { number, params } = again;
    const expired: StudyEvent[] = state.leases.has(number) ? [{ type: 'expired', number, lost: true }] : [];
    return taking(number, [...expired, { type: 'asked', number, params, lease }]);
  }
  if (!made) {
    const hasClaimed = claimOf(state.claims, leases.owner) !== undefined;
    const isOfUse = habit.looksAtTrials && !hasClaimed && seesOthers(state, leases.owner);
    return {
      events: isOfUse ? [{ type: 'claimed', owner: leases.owner }] : [],
      answer: () => ({ seen: view() }),
    };
  }
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

/** True where another worker has a trial or chooses one. */
function seesOthers<P extends Params>({ leases, claims }: StudyState<P>, owner: string): boolean {
  if (claimsBeside(claims, claimOf(claims, owner)) > 0) return true;
  for (const lease of leases.values()) if (lease.owner !== owner) return true;
  return false;
}

/**
 * Whether a suggestion may be written after the events that came since: it differs from each trial that came, or, where it is
 * from the queue, waits there still. None is used after an edit.
 */
function isUsable<P extends Params>(state: StudyState<P>, { asked, edits }: Suggested): boolean {
  if (state.edits?.length !== edits) return false;
  const newer = state.trials.slice(asked.number);
  if (newer.length === 0) return true;
  const isAmong = (all: readonly Partial<P>[], params: Params) => {
    const text = canonical(params);
    return all.some((other) => canonical(other) === text);
  };
  if (asked.queued) return isAmong(state.queue, asked.given ?? asked.params);
  return !isAmong(
    newer.map(({ params }) => params),
    asked.params,
  );
}
