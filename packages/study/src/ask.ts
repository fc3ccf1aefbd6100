import {
  type AskOptions,
  InvalidArgumentError,
  type Lease,
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
import { type InTurn, oneByOne } from './one-by-one.ts';
import { nameOf } from './refuse-unsupported.ts';
import type { LiveState, StudyState } from './replay.ts';
import type { StateView } from './state-view.ts';
import type { Plan, StudyLog } from './study-log.ts';
import { endingEvents, notedEvents } from './study-plans.ts';
import { isSampled, isUsable, type Suggested, suggested } from './suggested.ts';
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
  /** Throws InvalidArgumentError where the study has another space or goal now. */
  readonly refuseEdited: (state: LiveState<P>) => void;
  readonly asks: SharedAsks;
}

/** What the asks of all workers of one object of a study share. */
export interface SharedAsks {
  readonly inTurn: InTurn;
  /** Names of the workers: their asks wait for one another, so that none needs a claim for another of them. */
  readonly owners: Set<string>;
  /** Whether the sampler looks at the trials. One that does not gains nothing by claims. */
  looksAtTrials: boolean;
}

/** Of a study without workers; `pause` is awaited after each ask. */
export function sharedAsks(pause?: () => Promise<void>): SharedAsks {
  return { inTurn: oneByOne(pause), owners: new Set(), looksAtTrials: true };
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
  return (options = {}) =>
    parts.asks.inTurn(async () => {
      const { fixed, key } = options;
      if (key !== undefined && !(key.length > 0 && key.length <= maxKey))
        throw new InvalidArgumentError('key', key, `a text of at most ${maxKey} characters`);
      const notes = checkedNotes(options);
      if (fixed && Object.keys(fixed).length > 0) {
        if (!sampler.supports?.includes('fixed')) throw new UnsupportedError('fixed', nameOf(sampler));
        space.coordinates?.(fixed as Partial<P>);
      }
      return askOnce({ ...parts, options, notes });
    });
}

type AskOnce<P extends Params> = Asker<P> & {
  readonly options: AskOptions<P>;
  readonly notes: CheckedNotes | undefined;
};

/** What the sampler is to choose from, and its choice where it was called already. */
interface Seen<P extends Params> {
  readonly seen: StateView<P>;
  readonly next?: Promise<Asked>;
}

async function askOnce<P extends Params>(parts: AskOnce<P>): Promise<Trial<P>> {
  const { commit, asks, options } = parts;
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
    asks.looksAtTrials = seen.isLookedAt;
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

/**
 * Takes an abandoned trial, or the suggestion; without one claims, where it is of use, and answers the state to make it from.
 * Where trials were lost too often, or an edit left them outside of the space, they end first: undefined, and the next claim goes
 * on. Throws TrialLimitError.
 */
function claim<P extends Params>(
  state: LiveState<P>,
  parts: AskOnce<P> & { readonly made: Suggested | undefined },
): Plan<Trial<P> | Seen<P> | undefined> {
  const { leases, view, asks, request, refuseEdited, options, notes, made } = parts;
  const { fixed, trials, key } = options;
  refuseEdited(state);
  const answered = key === undefined ? undefined : answeredBefore(state, leases, key);
  if (answered) return answered;
  // Where nothing has come since the first look, none is free that was not then.
  const isUnchanged = made?.prefix === state.length;
  const failing = isUnchanged ? [] : endingEvents(state, leases, request.space);
  if (failing.length > 0) return { events: failing, answer: () => parts.givenUp.add(failing) as undefined };
  const isNear = trials !== undefined && state.trials.length - state.loaded >= trials;
  if (isNear && leases.taken(state) >= trials) throw new TrialLimitError(trials);
  const lease = { ...leases.fresh(), ...(key !== undefined && { key }) };
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
    const { number } = again;
    const expired: StudyEvent[] = state.leases.has(number) ? [{ type: 'expired', number, lost: true }] : [];
    return taking(number, [...expired, askedAgain(state, number, lease)]);
  }
  const ready = made ?? (asks.looksAtTrials ? undefined : prompt(parts));
  if (!ready || 'seen' in ready) {
    const hasClaimed = claimOf(state.claims, leases.owner) !== undefined;
    const isOfUse = asks.looksAtTrials && !hasClaimed && seesOthers(state, leases.owner, asks.owners);
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
    const { leases, options, asks } = parts;
    asks.looksAtTrials = seen.isLookedAt;
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

/** The trial of an ask of this key, which is answered once more. */
function answeredBefore<P extends Params>(
  state: LiveState<P>,
  leases: Leases<P>,
  key: string,
): Plan<Trial<P>> | undefined {
  for (const [number, lease] of state.leases)
    if (lease.key === key && lease.owner === leases.owner)
      return {
        events: leases.isDue(lease) ? [askedAgain(state, number, { ...leases.fresh(), key })] : [],
        answer: () => {
          leases.took(number);
          return state.trials[number]!;
        },
      };
  return undefined;
}

function askedAgain<P extends Params>(state: LiveState<P>, number: number, lease: Lease): StudyEvent {
  return { type: 'asked', number, params: state.trials[number]!.params, lease };
}

/** True where a worker has a trial, or chooses one, whose asks do not wait for this one. */
function seesOthers<P extends Params>(
  { leases, claims }: StudyState<P>,
  owner: string,
  owners: ReadonlySet<string>,
): boolean {
  if (claimsBeside(claims, claimOf(claims, owner)) > 0) return true;
  for (const lease of leases.values()) if (!owners.has(lease.owner)) return true;
  return false;
}
