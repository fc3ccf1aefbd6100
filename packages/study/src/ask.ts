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
import type { Leases } from './leases.ts';
import { nameOf } from './refuse-unsupported.ts';
import type { LiveState, StudyState } from './replay.ts';
import type { StateView } from './state-view.ts';
import type { Plan, StudyLog } from './study-log.ts';
import { endingEvents, notedEvents } from './study-plans.ts';
import {
  type Asked,
  agrees,
  type Dequeued,
  promptSuggestion,
  type SuggestionRequest,
  suggestion,
} from './suggestion.ts';

/** How often one is made again because another worker got the very same parameters. */
const maxRepeats = 1000;

/** A suggestion and the events that the sampler saw. */
interface Suggested {
  readonly asked: Asked;
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
 *
 * A sampler that did not look at the trials in its last call is called with the first look: where it answers at once, its
 * proposal is written before another worker's event can come.
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
      return askOnce({ ...parts, habit, options, notes });
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

type AskOnce<P extends Params> = Asker<P> & {
  readonly habit: Habit;
  readonly options: AskOptions<P>;
  readonly notes: CheckedNotes | undefined;
};

/** What the sampler is to choose from, and its choice where it was called already. */
interface Seen<P extends Params> {
  readonly seen: StateView<P>;
  readonly next?: Promise<Asked>;
}

async function askOnce<P extends Params>(parts: AskOnce<P>): Promise<Trial<P>> {
  const { commit, habit, options } = parts;
  const { fixed, signal } = options;
  let made: Suggested | undefined;
  for (let attempts = 0; attempts < maxRepeats; attempts++) {
    const usable = (state: StudyState<P>) => (made && isUsable(state, made) ? made : undefined);
    const claimed = () =>
      commit((state) => {
        signal?.throwIfAborted();
        return claim(state, { ...parts, made: usable(state) });
      });
    let got = await claimed();
    while (got === undefined) got = await claimed();
    if (!('seen' in got)) return got;
    const { seen } = got;
    const next = await (got.next ?? suggestion(seen, requestOf(seen, parts))).finally(seen.release);
    habit.looksAtTrials = seen.isLookedAt;
    if (next.type === 'asked') made = suggested(next, seen, { owner: parts.leases.owner, fixed });
    else await dequeue(commit, next);
  }
  throw new StorageError(`other workers got the same parameters first ${maxRepeats} times in a row`, {
    retry: true,
  });
}

function requestOf<P extends Params>(
  { created, claims }: StateView<P>,
  { request, leases: { owner }, options: { fixed, signal } }: AskOnce<P>,
): SuggestionRequest<P> {
  return { ...request, seed: created!.seed, claim: claimOf(claims, owner), fixed, signal };
}

function suggested<P extends Params>(
  asked: Asked,
  { claims, length, edits }: StateView<P>,
  { owner, fixed }: { readonly owner: string; readonly fixed: Partial<P> | undefined },
): Suggested {
  const own = claimOf(claims, owner);
  return {
    asked: { ...withFixed(asked, fixed), ...(own !== undefined && { claim: own }) },
    prefix: length,
    edits: edits?.length,
  };
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
  parts: AskOnce<P> & { readonly made: Suggested | undefined },
): Plan<Trial<P> | Seen<P> | undefined> {
  const { leases, view, habit, request, refuseEdited, options, notes, made } = parts;
  const { fixed, trials } = options;
  refuseEdited(state);
  // Where nothing has come since the first look, none is free that was not then.
  const isUnchanged = made?.prefix === state.length;
  const failing = isUnchanged ? [] : endingEvents(state, leases, request.space);
  if (failing.length > 0) return { events: failing, answer: () => undefined };
  const isNear = trials !== undefined && state.trials.length - state.loaded >= trials;
  if (isNear && leases.taken(state) >= trials) throw new TrialLimitError(trials);
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
  const ready = made ?? (habit.looksAtTrials ? undefined : prompt(parts));
  if (!ready || 'seen' in ready) {
    const hasClaimed = claimOf(state.claims, leases.owner) !== undefined;
    const isOfUse = habit.looksAtTrials && !hasClaimed && seesOthers(state, leases.owner);
    return {
      events: isOfUse ? [{ type: 'claimed', owner: leases.owner }] : [],
      answer: () => ready ?? { seen: view() },
    };
  }
  const number = state.trials.length;
  const prefix = ready.prefix < state.length ? { prefix: ready.prefix } : {};
  const configured = isSampled(ready.asked) ? configuredEvents(state, parts.configuration) : [];
  return taking(number, [...configured, { ...ready.asked, number, ...prefix, lease }]);
}

/** The suggestion of a sampler that answers at once; what it was called with where it does not, undefined where it has to wait. */
function prompt<P extends Params>(parts: AskOnce<P>): Suggested | Seen<P> | undefined {
  const seen = parts.view();
  let next: ReturnType<typeof promptSuggestion<P>>;
  try {
    next = promptSuggestion(seen, requestOf(seen, parts));
  } finally {
    if (!(next! instanceof Promise)) seen.release();
  }
  if (!(next instanceof Promise)) {
    const { leases, options, habit } = parts;
    habit.looksAtTrials = seen.isLookedAt;
    return next && suggested(next, seen, { owner: leases.owner, fixed: options.fixed });
  }
  next.catch(() => undefined); // where another writer is first, nobody waits for it
  return { seen, next };
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
