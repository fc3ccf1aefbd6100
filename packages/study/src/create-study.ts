import {
  type Goal,
  InvalidArgumentError,
  type Params,
  type SearchSpace,
  type Storage,
  type Trial,
} from '@foothold/core';
import { asker } from './ask.ts';
import { checkedNotes } from './checked-notes.ts';
import { checkedOutcome } from './checked-outcome.ts';
import { configurationOf } from './configuration.ts';
import { createdEvent, refuseAnother } from './created-event.ts';
import { endedTrials } from './ended-trials.ts';
import { refuseEnqueued } from './enqueued-params.ts';
import { type GivenUp, givenUpTrials } from './given-up.ts';
import { bestTrial, checkedGoal, metricsOf, paretoFront } from './goal.ts';
import { type Leases, leases } from './leases.ts';
import type { LocalStudy } from './local-study.ts';
import { presentTrials } from './present-trials.ts';
import { pruningOf } from './pruners/pruning.ts';
import { refuseUnsupported } from './refuse-unsupported.ts';
import type { LiveState, StudyState } from './replay.ts';
import { memoryStorage } from './storage/memory-storage.ts';
import { type Plan, type StudyLog, studyLog } from './study-log.ts';
import { refuseName } from './study-name.ts';
import type { StudyOptions } from './study-options.ts';
import {
  exhaustedEvents,
  loadPlan,
  notePlan,
  releasePlan,
  renewPlan,
  reportPlan,
  tellPlan,
} from './study-plans.ts';

/**
 * The study of this name in the storage, which is made where there is none. Reading begins at once; what it finds wrong (another space
 * or goal under this name: InvalidArgumentError that names what differs; StorageError) is thrown by the first call.
 *
 * Throws UnsupportedError at once when the sampler does not state an ability that the space or the goal needs, or when
 * its `check` refuses them, InvalidArgumentError for a name with other characters than letters (a to z), digits, `_`, `.`
 * and `-`, that begins with `.` or `-`, or that is longer than 200 characters; for a goal without a direction or objective, or
 * with bounds that are not finite; for a seed that is not finite; and for a lease without a clock.
 *
 * A running trial is given out again, with the same number and parameters, when its lease has run out, when its
 * process of this machine has ended, or when it was running under this owner's name before this object was made.
 */
export function createStudy<P extends Params>(options: StudyOptions<P>): LocalStudy<P> {
  const { space, sampler, pruner, clock, name = 'study', storage = memoryStorage(), lease = {} } = options;
  refuseName(name);
  const goal = checkedGoal(options as Goal);
  refuseUnsupported(space, sampler, goal);
  sampler.check?.({ space, goal });
  refuseSeed(options.seed);
  const held = leases<P>(lease, clock);
  const givenUp = givenUpTrials();
  const log = studyLog<P>(storage, name, clock);
  const by = { leases: held, pruning: pruner && pruningOf<P>(pruner, goal) };
  const needs = { metrics: metricsOf(goal), cost: goal.cost };

  const meant = createdEvent(space, goal, options.seed ?? 0);
  const edits = editWatch(meant);
  const opened = log.commit((state) => {
    edits.opened(state);
    return openPlan(state, { meant, seedGiven: options.seed !== undefined }, held);
  });
  opened.catch(() => undefined); // thrown by the first call instead
  const commit: typeof log.commit = async (plan) => {
    await opened;
    return log.commit(plan);
  };
  const look = <T>(view: (state: LiveState<P>) => T) =>
    commit((state) => ({ events: [], answer: () => view(state) }));
  const ask = asker<P>({
    commit,
    view: log.view,
    leases: held,
    givenUp,
    request: { space, sampler, goal, plannedTrials: options.trials },
    configuration: configurationOf({ sampler, plannedTrials: options.trials, program: options.program }),
    refuseEdited: edits.refuse,
  });
  return {
    ...{ name, space, goal, ask },
    enqueue: (params) =>
      commit((state) => {
        edits.refuse(state);
        return enqueuePlan({ space, sampler }, params);
      }),
    report: (...[number, step, value, metrics]) =>
      commit((state) => reportPlan(state, { number, step, value, ...(metrics && { metrics }) }, by)),
    tell: (number, told, notes = {}) =>
      commit((state) =>
        tellPlan(state, { number, outcome: checkedOutcome(told, needs), notes: checkedNotes(notes) }, held),
      ),
    note: (number, notes) => commit((state) => notePlan(state, number, checkedNotes(notes))),
    load: (past) =>
      commit((state) => {
        edits.refuse(state);
        return loadPlan(state, past, { space, needs });
      }),
    ...results(look, { space, goal }),
    renewEvery: lease.ms === undefined ? undefined : lease.ms / 3,
    ...leaseCalls(commit, held, givenUp),
    givenUp: async () => {
      const numbers = givenUp.take();
      return numbers.length > 0 ? look((state) => numbers.map((number) => state.trials[number]!)) : [];
    },
    ...stored(opened, storage, name),
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
  opened: Promise<void>,
  storage: Storage,
  name: string,
): Pick<LocalStudy<P>, 'log' | 'torn'> {
  return {
    log: async () => {
      await opened;
      return storage.read(name, 0);
    },
    torn: async () => {
      await opened;
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
  return {
    opened: (state) => {
      edits = state.edits;
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
  commit: StudyLog<P>['commit'],
  held: Leases<P>,
  givenUp: GivenUp,
): Pick<LocalStudy<P>, 'release' | 'renew' | 'abandoned' | 'held'> {
  return {
    release: (number) => commit((state) => releasePlan(state, number, held)),
    renew: (number) => commit((state) => renewPlan(state, number, held)),
    abandoned: () =>
      commit((state) => {
        const events = exhaustedEvents(state, held);
        const answer = () => {
          givenUp.add(events);
          return held.abandoned(state).map(({ number }) => number);
        };
        return { events, answer };
      }),
    held: () => commit((state) => ({ events: [], answer: () => held.held(state) })),
  };
}

/** What only looks at the state. */
function results<P extends Params>(
  look: <T>(view: (state: LiveState<P>) => T) => Promise<T>,
  { space, goal }: { readonly space: SearchSpace<P>; readonly goal: Goal },
): Pick<
  LocalStudy<P>,
  'trials' | 'pastTrials' | 'running' | 'waiting' | 'trial' | 'ended' | 'best' | 'pareto' | 'notes'
> {
  /** A function that says of trials, after an edit, which are not in the present space. */
  const marked = (state: LiveState<P>): (<T extends Trial<P>>(trial: T) => T) => {
    const present = presentTrials(state, space);
    return (trial) => (present ? (present.marked(trial) as typeof trial) : trial);
  };
  const ended = endedTrials<P>();
  return {
    ended: (from) => look((state) => ended(state, from)),
    trials: () => look((state) => state.trials.map(marked(state))),
    pastTrials: () =>
      look((state) => {
        const present = presentTrials(state, space);
        return present ? state.trials.map(present.past) : [...state.trials];
      }),
    running: () => look((state) => [...state.running].map((number) => marked(state)(state.trials[number]!))),
    waiting: () => look((state) => [...state.queue]),
    trial: (number) =>
      look((state) => {
        const trial = state.trials[number];
        return trial && marked(state)(trial);
      }),
    best: () =>
      look((state) => {
        const best = bestTrial(state.trials, goal);
        return best && marked(state)(best);
      }),
    pareto: () => look((state) => paretoFront(state.trials, goal).map(marked(state))),
    notes: () => look(({ attributes = {}, note }) => ({ attributes, ...(note !== undefined && { note }) })),
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
