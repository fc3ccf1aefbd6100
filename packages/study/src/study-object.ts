import { type Goal, InvalidArgumentError, type Params, type Storage } from '@foothold/core';
import type { SuggestionsAhead } from './ahead/suggestions-ahead.ts';
import { asker } from './ask/ask.ts';
import { configurationOf } from './ask/configuration.ts';
import { refuseEnqueued } from './ask/enqueued-params.ts';
import { type LoadedSuggestionBefore, loadedSuggestionBefore } from './ask/loaded-suggestion-before.ts';
import { type SharedAsks, sharedAsks } from './ask/shared-asks.ts';
import { createdEvent, refuseAnother } from './created-event.ts';
import { checkedGoal, metricsOf, refuseWithoutFidelity } from './goal.ts';
import { type GivenUp, givenUpTrials } from './leases/given-up.ts';
import { type Leases, leases } from './leases/leases.ts';
import type { LocalStudy } from './local-study.ts';
import type { Plan } from './log/log-calls.ts';
import { opening } from './log/opening.ts';
import { type StudyLog, studyLog } from './log/study-log.ts';
import { checkedNotes } from './plans/checked-notes.ts';
import { checkedOutcome } from './plans/checked-outcome.ts';
import { exhaustedEvents } from './plans/ending-events.ts';
import { loadPlan } from './plans/load-plan.ts';
import { releasePlan, renewPlan, tellPlan } from './plans/study-plans.ts';
import { takePlan } from './plans/take-plan.ts';
import { type Pruning, pruningOf } from './pruners/pruning.ts';
import { refuseUnsupported } from './refuse-unsupported.ts';
import { refuseWrongParts } from './refuse-wrong-parts.ts';
import { reportCalls } from './report-calls.ts';
import type { LiveState, StudyState } from './state/study-state.ts';
import { memoryStorage } from './storage/memory-storage.ts';
import { refuseName } from './study-name.ts';
import type { LeaseOptions, StudyOptions } from './study-options.ts';
import { studyResults } from './study-results.ts';
import { trialCalls } from './trial-calls.ts';

/** An object of a study, before it is said whose trials are its own. */
export interface StudyObject<P extends Params> {
  readonly worker: (lease?: LeaseOptions) => LocalStudy<P>;
  readonly log: StudyLog<P>;
}

/** What a study of many workers has beside its options. */
export interface ManyWorkers<P extends Params> {
  /** Awaited after asks, before the next ones begin. */
  readonly pause?: (() => Promise<void>) | undefined;
  /** Throws what an ask is to throw in this state. */
  readonly refuseAsk?: ((state: StudyState<P>) => void) | undefined;
  /** The same of an ask that would begin a new trial. */
  readonly refuseNewTrial?: ((state: StudyState<P>) => void) | undefined;
  /** Given the names of the workers, as they are now and later. */
  readonly ahead?: ((owners: ReadonlySet<string>) => SuggestionsAhead<P>) | undefined;
}

/** The object of a study that `options` mean. Throws as `createStudy`. */
export function studyObject<P extends Params>(
  options: Omit<StudyOptions<P>, 'lease'>,
  { pause, refuseAsk, refuseNewTrial, ahead }: ManyWorkers<P> = {},
): StudyObject<P> {
  const { space, sampler, pruner, clock, name = 'study', storage = memoryStorage() } = options;
  refuseWrongParts({ space, sampler, pruner, storage });
  refuseName(name);
  const goal = checkedGoal(options as Goal);
  refuseWithoutFidelity(space, goal);
  refuseUnsupported(space, sampler, goal);
  sampler.check?.({ space, goal });
  refuseSeed(options.seed);
  const meant = createdEvent(space, goal, options.seed ?? 0);
  const log = studyLog<P>(storage, name, clock);
  const edits = editWatch(meant);
  const asks = sharedAsks(ahead !== undefined, pause);
  const parts: SharedParts<P> = {
    ...{ options, name, goal, storage, log, meant },
    edits,
    refuse: (state) => {
      edits.refuse(state);
      refuseAsk?.(state);
    },
    refuseNew: refuseNewTrial,
    pruning: pruner && pruningOf<P>(pruner, goal),
    ...{ asks, ahead: ahead?.(asks.owners) },
  };
  return { worker: (lease = {}) => studyOfWorker(parts, lease), log };
}

/** What all workers of an object of a study have in common. */
interface SharedParts<P extends Params> {
  readonly options: Omit<StudyOptions<P>, 'lease'>;
  readonly name: string;
  readonly goal: Goal;
  readonly storage: Storage;
  readonly log: StudyLog<P>;
  readonly meant: ReturnType<typeof createdEvent>;
  readonly edits: ReturnType<typeof editWatch>;
  readonly pruning: Pruning<P> | undefined;
  readonly asks: SharedAsks;
  /** Throws what an ask is to throw in this state. */
  readonly refuse: (state: LiveState<P>) => void;
  /** The same of an ask that would begin a new trial. */
  readonly refuseNew: ((state: LiveState<P>) => void) | undefined;
  readonly ahead: SuggestionsAhead<P> | undefined;
}

function studyOfWorker<P extends Params>(parts: SharedParts<P>, lease: LeaseOptions): LocalStudy<P> {
  const { options, name, goal, storage, log, meant, edits, asks } = parts;
  const { space, sampler, clock } = options;
  const held = leases<P>(lease, clock);
  const givenUp = givenUpTrials();
  asks.owners.add(held.owner);
  const by = { leases: held, pruning: parts.pruning };
  const needs = { metrics: metricsOf(goal), cost: goal.cost };
  // What it throws, the first call throws.
  const opened = opening(() =>
    log.commit((state) => {
      edits.opened(state);
      return openPlan(state, { meant, seedGiven: options.seed !== undefined }, held);
    }),
  );
  const commit: typeof log.commit = async (plan) => {
    await opened();
    return log.commit(plan);
  };
  const look: typeof log.look = async (view) => {
    await opened();
    return log.look(view);
  };
  const request = { space, sampler, goal, plannedTrials: options.trials };
  const before = loadedSuggestionBefore<P>(request);
  const ask = asker<P>({
    commit,
    view: log.view,
    leases: held,
    givenUp,
    request,
    configuration: configurationOf({ sampler, plannedTrials: options.trials, program: options.program }),
    ...{ refuse: parts.refuse, refuseNew: parts.refuseNew, asks, ahead: parts.ahead, before },
  });
  return {
    ...{ name, space, goal, ask, ...preparing(parts, look, before) },
    enqueue: (params) =>
      commit((state) => {
        edits.refuse(state);
        return enqueuePlan({ space, sampler }, params);
      }),
    ...reportCalls({ commit, look }, by),
    tell: (number, told, notes = {}) =>
      commit((state) =>
        tellPlan(state, { number, outcome: checkedOutcome(told, needs), notes: checkedNotes(notes) }, held),
      ),
    ...trialCalls({ commit, look }, storage, name),
    load: (past, loading = {}) =>
      commit((state) => {
        edits.refuse(state);
        return loadPlan(state, past, { space, needs, ...loading });
      }),
    ...studyResults(look, { space, goal }),
    renewEvery: lease.ms === undefined ? undefined : lease.ms / 3,
    ...leaseCalls({ commit, look }, held, givenUp),
    ...stored(opened, storage, name),
  };
}

/** Suggestions that are begun before their asks, where they are not made elsewhere. */
function preparing<P extends Params>(
  { edits, asks, ahead, log }: SharedParts<P>,
  look: StudyLog<P>['look'],
  before: LoadedSuggestionBefore<P>,
): Pick<LocalStudy<P>, 'prepare'> {
  return {
    prepare: async ({ signal } = {}) => {
      const { begin } = await before.loaded();
      return look((state) => {
        edits.refuse(state);
        // An ask that came meanwhile calls the sampler itself.
        if (!ahead && asks.looksAtTrials && asks.waiting === 0) begin(state, log, signal);
      });
    },
  };
}

function refuseSeed(seed: number | undefined): void {
  if (seed !== undefined && !Number.isFinite(seed))
    throw new InvalidArgumentError('seed', seed, 'a finite number');
}

/** Parameters at the end of the queue. Throws OutOfSpaceError. */
function enqueuePlan<P extends Params>(
  { space, sampler }: Pick<StudyOptions<P>, 'space' | 'sampler'>,
  params: Partial<P>,
): Plan<void> {
  refuseEnqueued(space, sampler, params);
  return { events: [{ type: 'enqueued', params: params as Params }], answer: () => undefined };
}

/** What the storage itself says, once the study is open. */
function stored<P extends Params>(
  opened: () => Promise<void>,
  storage: Storage,
  name: string,
): Pick<LocalStudy<P>, 'log' | 'torn'> {
  return {
    log: async () => {
      await opened();
      return storage.read(name, 0);
    },
    torn: async () => {
      await opened();
      return (await storage.torn?.(name)) ?? [];
    },
  };
}

/** Notices edits of a study that is open. */
function editWatch(meant: ReturnType<typeof createdEvent>): {
  /** Remembers the edits that there are when the study is opened. */
  opened(state: StudyState): void;
  /** Throws InvalidArgumentError where the study was edited since, so that it has another space or goal now. */
  refuse(state: StudyState): void;
} {
  let edits: StudyState['edits'];
  let isOpen = false;
  return {
    opened: (state) => {
      if (!isOpen) edits = state.edits;
      isOpen = true;
    },
    refuse: (state) => {
      if (state.edits === edits) return;
      refuseAnother({ ...state, created: state.created! }, meant, false);
      edits = state.edits;
    },
  };
}

/** What concerns the leases of running trials. */
function leaseCalls<P extends Params>(
  { commit, look }: Pick<StudyLog<P>, 'commit' | 'look'>,
  held: Leases<P>,
  givenUp: GivenUp,
): Pick<LocalStudy<P>, 'release' | 'renew' | 'take' | 'abandoned' | 'held' | 'givenUp'> {
  return {
    release: (number) => commit((state) => releasePlan(state, number, held)),
    renew: (number, options) => commit((state) => renewPlan(state, number, { leases: held, ...options })),
    take: (holds) => commit((state) => takePlan(state, holds, held)),
    abandoned: () =>
      commit((state) => {
        const events = exhaustedEvents(state, held);
        const answer = () => {
          givenUp.add(events);
          return held.abandoned(state).map(({ number }) => number);
        };
        return { events, answer };
      }),
    givenUp: async () => {
      const numbers = givenUp.take();
      return numbers.length > 0
        ? look((state) => numbers.flatMap((number) => state.trial(number) ?? []))
        : [];
    },
    held: () => look((state) => held.held(state)),
  };
}

/** The first event of a new study, or the check that an existing one is the same. Throws InvalidArgumentError. */
function openPlan<P extends Params>(
  state: LiveState<P>,
  { meant, seedGiven }: { readonly meant: ReturnType<typeof createdEvent>; readonly seedGiven: boolean },
  held: Leases<P>,
): Plan<void> {
  const { created } = state;
  if (created) refuseAnother({ ...state, created }, meant, seedGiven);
  return { events: created ? [] : [meant], answer: () => held.opened(state) };
}
