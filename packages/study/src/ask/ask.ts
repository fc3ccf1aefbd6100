import {
  type AskOptions,
  hasValues,
  InvalidArgumentError,
  type Params,
  StorageError,
  type StudyEvent,
  type Trial,
  TrialLimitError,
  UnsupportedError,
} from '@foothold/core';
import type { SuggestionsAhead } from '../ahead/suggestions-ahead.ts';
import type { GivenUp } from '../leases/given-up.ts';
import type { Leases } from '../leases/leases.ts';
import type { Plan } from '../log/log-calls.ts';
import type { StudyLog } from '../log/study-log.ts';
import { type CheckedNotes, checkedNotes } from '../plans/checked-notes.ts';
import { endingEvents } from '../plans/ending-events.ts';
import { notedEvents } from '../plans/study-plans.ts';
import { nameOf } from '../refuse-unsupported.ts';
import type { StateView } from '../state/state-view.ts';
import type { LiveState, StudyState } from '../state/study-state.ts';
import type { QueuedAsk } from './ask-queue.ts';
import { claimOf, claimsOfOthers } from './claims.ts';
import { type Configuration, configuredEvents } from './configuration.ts';
import { dequeue } from './dequeue.ts';
import { answeredBefore, askedAgain, expiredEvents, givenTrial } from './given-trials.ts';
import type { LoadedSuggestionBefore } from './loaded-suggestion-before.ts';
import type { SharedAsks } from './shared-asks.ts';
import { isSampled, isUsable, type Suggested, suggested } from './suggested.ts';
import {
  type Asked,
  type Dequeued,
  promptSuggestion,
  type SuggestionRequest,
  suggestion,
} from './suggestion.ts';

/** How often one is made again because another worker got the very same parameters. */
const maxRepeats = 1000;

/** Characters of an ask's key: it is in the log. */
const maxKey = 200;

interface Asker<P extends Params> {
  /** What makes the suggestions, for the log. */
  readonly configuration: Configuration;
  readonly commit: StudyLog<P>['commit'];
  readonly view: StudyLog<P>['view'];
  readonly leases: Leases<P>;
  readonly givenUp: GivenUp;
  readonly request: Omit<SuggestionRequest<P>, 'seed' | 'claim' | 'fixed' | 'signal'>;
  /** Throws what the ask is to throw in this state: InvalidArgumentError where the study has another space or goal now. */
  readonly refuse: (state: LiveState<P>) => void;
  /** Throws what an ask is to throw that would begin a new trial in this state. */
  readonly refuseNew: ((state: LiveState<P>) => void) | undefined;
  readonly asks: SharedAsks;
  /** Suggestions that are made elsewhere, and ahead. Absent: the sampler is called here. */
  readonly ahead?: SuggestionsAhead<P> | undefined;
  /** What was begun here before the ask. */
  readonly before: LoadedSuggestionBefore<P>;
}

/**
 * The `ask` of a study, in two steps. It looks at the log, and where other workers are seen it claims: they then know that
 * one more proposal is being made. The sampler runs between that and a second look, which takes the trial; what arrives
 * meanwhile, other workers' trials too, neither waits for it nor makes its work void. A suggestion is made again only where it
 * repeats the parameters of a trial that it could not know of. The event names the prefix of the log that the sampler saw where
 * more events came in between.
 *
 * Asks of one object wait for one another: one that is not in turn only looks whether its trial is there, and claims nothing.
 *
 * A sampler that did not look at the trials in its last call is called with the first look: where it answers at once, its
 * proposal is written before another worker's event can come.
 */
export function asker<P extends Params>(parts: Asker<P>): (options?: AskOptions<P>) => Promise<Trial<P>> {
  return (options = {}) => {
    const took = parts.ahead?.enter() ?? (() => undefined);
    return parts.asks.queue(queuedAsk({ ...parts, options, took })).finally(took);
  };
}

/** The notes of an ask. Throws InvalidArgumentError, UnsupportedError and OutOfSpaceError for what no ask can have. */
function checkedOptions<P extends Params>(
  { request: { space, sampler } }: Asker<P>,
  options: AskOptions<P>,
): CheckedNotes | undefined {
  const { fixed, key } = options;
  if (key !== undefined && !(key.length > 0 && key.length <= maxKey))
    throw new InvalidArgumentError('key', key, `a text of at most ${maxKey} characters`);
  const notes = checkedNotes(options);
  if (fixed && Object.keys(fixed).length > 0) {
    if (!sampler.supports?.includes('fixed')) throw new UnsupportedError('fixed', nameOf(sampler));
    space.coordinates?.(fixed as Partial<P>);
  }
  return notes;
}

/** Looks at the log until the ask has its trial, and between two looks has a suggestion made. */
function queuedAsk<P extends Params>(parts: Omit<AskOnce<P>, 'notes' | 'isInTurn'>): QueuedAsk<Trial<P>> {
  /** What the sampler is at work on since a look before the ask's turn. */
  let kept: Seen<P> | undefined;
  let since: MadeSince | undefined;
  let attempts = 0;
  return {
    async begin(isInTurn) {
      const asked = { ...parts, notes: checkedOptions(parts, parts.options), isInTurn };
      const got = kept ?? (await firstLook(asked, since));
      if (!('seen' in got)) return got;
      const isLast = attempts === maxRepeats;
      // What was seen before the turn is old when that comes, unless the sampler is at work on it.
      if (isLast || !(isInTurn || got.next)) got.seen.release();
      if (isLast)
        throw new StorageError(`other workers got the same parameters first ${maxRepeats} times in a row`, {
          retry: true,
        });
      kept = got.next && got;
      return async () => {
        attempts++;
        kept = undefined;
        const made = await suggestionMade(got, asked);
        since = made.since;
        return made.served;
      };
    },
  };
}

type AskOnce<P extends Params> = Asker<P> & {
  readonly options: AskOptions<P>;
  readonly notes: CheckedNotes | undefined;
  /** To be called once the ask has its trial. */
  readonly took: () => void;
  /** Whether a suggestion is made for it next, where there is none. */
  readonly isInTurn: boolean;
};

/** What the sampler is to choose from, and its choice where it was called already. */
interface Seen<P extends Params> {
  readonly seen: StateView<P>;
  readonly next?: Promise<Asked | Dequeued>;
}

/** A suggestion, and the length of the log when the ask began to wait for it. One that was made ahead may know of later events. */
interface MadeSince {
  readonly made: Suggested;
  readonly seenLength: number;
}

/** The trial, or what the sampler is to see. */
async function firstLook<P extends Params>(
  parts: AskOnce<P>,
  since: MadeSince | undefined,
): Promise<Trial<P> | Seen<P>> {
  const usable = (state: StudyState<P>) => (since && isUsable(state, since.made) ? since : undefined);
  for (;;) {
    const got = await parts.commit((state) => {
      parts.options.signal?.throwIfAborted();
      return claim(state, { ...parts, since: usable(state) });
    });
    if (got !== undefined) return got;
  }
}

/**
 * Has a suggestion made, by who makes them elsewhere or else by the sampler here, and how many asks it is for with others that were made with it;
 * none where something is taken from the queue instead.
 */
async function suggestionMade<P extends Params>(
  { seen, next }: Seen<P>,
  parts: AskOnce<P>,
): Promise<{ readonly since?: MadeSince; readonly served: number }> {
  const { fixed, signal } = parts.options;
  const { owner } = parts.leases;
  try {
    const elsewhere = next ? undefined : await parts.ahead?.suggest({ owner, fixed, signal });
    const of = elsewhere?.made ?? (await (next ?? suggestion(seen, requestOf(seen, parts))));
    parts.asks.looksAtTrials = (elsewhere ?? seen).isLookedAt;
    const served = elsewhere?.count ?? 1;
    if ('type' in of && of.type !== 'asked') {
      await dequeue(parts.commit, of);
      return { served };
    }
    const made = 'asked' in of ? of : suggested(of, seen, { owner, fixed });
    return { since: { made, seenLength: seen.length }, served };
  } finally {
    seen.release();
  }
}

function requestOf<P extends Params>(
  { created, claims }: StateView<P>,
  { request, leases: { owner }, options: { fixed, signal } }: AskOnce<P>,
): SuggestionRequest<P> {
  return { ...request, seed: created!.seed, claim: claimOf(claims, owner), fixed, signal };
}

/**
 * Takes an abandoned trial, or the suggestion; without one claims, where it is of use, and answers the state to make it from.
 * Where trials were lost too often, or an edit left them outside of the space, they end first: undefined, and the next claim goes
 * on. Throws TrialLimitError.
 */
function claim<P extends Params>(
  state: LiveState<P>,
  parts: AskOnce<P> & { readonly since: MadeSince | undefined },
): Plan<Trial<P> | Seen<P> | undefined> {
  const { leases, view, asks, ahead, before, request, refuse, options, notes, since, isInTurn } = parts;
  const { fixed, trials, key } = options;
  refuse(state);
  ahead?.see(state);
  const answered = key === undefined ? undefined : answeredBefore(state, leases, key);
  if (answered) return answered;
  // Where nothing has come since the first look, none is free that was not then.
  const isUnchanged = since?.seenLength === state.length;
  const failing = isUnchanged ? [] : endingEvents(state, leases, request.space);
  if (failing.length > 0) return { events: failing, answer: () => parts.givenUp.add(failing) as undefined };
  const isNear = trials !== undefined && state.trials.length - state.loaded >= trials;
  if (isNear && leases.taken(state) >= trials) throw new TrialLimitError(trials);
  const lease = { ...leases.fresh(), ...(key !== undefined && { key }) };
  const taking = (number: number, events: readonly StudyEvent[]) => ({
    events: [...events, ...notedEvents(state, number, notes)],
    answer: () => {
      leases.took(number);
      parts.took();
      return givenTrial(state, number);
    },
  });
  const free = isUnchanged ? [] : leases.abandoned(state);
  const again = free.find(({ params }) => hasValues(params, fixed));
  if (again) {
    const { number } = again;
    return taking(number, [...expiredEvents(state, again), askedAgain(state, number, lease)]);
  }
  parts.refuseNew?.(state);
  if (!since && before.isFor(state, options))
    return { events: [], answer: () => before.take(state, options) ?? { seen: view() } };
  before.drop(); // the sampler is called for this ask alone
  const ready =
    since?.made ?? (asks.looksAtTrials ? ahead?.ready({ owner: leases.owner, fixed }) : prompt(parts));
  if (!ready || 'seen' in ready) {
    const hasClaimed = claimOf(state.claims, leases.owner) !== undefined;
    const isOfUse = isInTurn && asks.looksAtTrials && !hasClaimed && seesOthers(state, asks.owners);
    return {
      events: isOfUse ? [{ type: 'claimed', owner: leases.owner }] : [],
      answer: () => ready ?? { seen: view() },
    };
  }
  const number = state.count;
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
  const { leases, options, asks } = parts;
  asks.isPrompt = next !== undefined && !(next instanceof Promise);
  if (!(next instanceof Promise)) {
    asks.looksAtTrials = seen.isLookedAt;
    return next && suggested(next, seen, { owner: leases.owner, fixed: options.fixed });
  }
  next.catch(() => undefined); // where another writer is first, nobody waits for it
  return { seen, next };
}

/** True where a worker has a trial, or chooses one, whose asks do not wait for this one. */
function seesOthers<P extends Params>(
  { leases, claims }: StudyState<P>,
  owners: ReadonlySet<string>,
): boolean {
  if (claimsOfOthers(claims, owners) > 0) return true;
  for (const lease of leases.values()) if (!owners.has(lease.owner)) return true;
  return false;
}
