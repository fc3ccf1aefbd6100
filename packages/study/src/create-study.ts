import { type Goal, InvalidArgumentError, type Params } from '@foothold/core';
import { asker } from './ask.ts';
import { checkedNotes } from './checked-notes.ts';
import { checkedOutcome } from './checked-outcome.ts';
import { configurationOf } from './configuration.ts';
import { createdEvent, refuseAnother } from './created-event.ts';
import { refuseEnqueued } from './enqueued-params.ts';
import { bestTrial, checkedGoal, metricsOf, paretoFront } from './goal.ts';
import { type Leases, leases } from './leases.ts';
import type { LocalStudy } from './local-study.ts';
import { refuseUnsupported } from './refuse-unsupported.ts';
import type { LiveState } from './replay.ts';
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
  if (options.seed !== undefined && !Number.isFinite(options.seed))
    throw new InvalidArgumentError('seed', options.seed, 'a finite number');
  const held = leases<P>(lease, clock);
  const log = studyLog<P>(storage, name, clock);
  const needs = { metrics: metricsOf(goal), cost: goal.cost };

  const opened = log.commit((state) => openPlan(state, { ...options, goal }, held));
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
    request: { space, sampler, goal, plannedTrials: options.trials },
    configuration: configurationOf({ sampler, plannedTrials: options.trials, program: options.program }),
  });
  return {
    ...{ name, space, goal, ask },
    enqueue: (params) =>
      commit(() => {
        refuseEnqueued(space, sampler, params);
        return { events: [{ type: 'enqueued', params: params as Params }], answer: () => undefined };
      }),
    report: (number, step, value) =>
      commit((state) => reportPlan(state, { number, step, value }, { leases: held, goal, pruner })),
    tell: (number, told, notes = {}) =>
      commit((state) =>
        tellPlan(state, { number, outcome: checkedOutcome(told, needs), notes: checkedNotes(notes) }, held),
      ),
    note: (number, notes) => commit((state) => notePlan(state, number, checkedNotes(notes))),
    load: (past) => commit((state) => loadPlan(state, past, { space, needs })),
    ...results(look, goal),
    renewEvery: lease.ms === undefined ? undefined : lease.ms / 3,
    ...leaseCalls(commit, held),
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

/** What concerns the leases of running trials. */
function leaseCalls<P extends Params>(
  commit: StudyLog<P>['commit'],
  held: Leases<P>,
): Pick<LocalStudy<P>, 'release' | 'renew' | 'abandoned' | 'held'> {
  return {
    release: (number) => commit((state) => releasePlan(state, number, held)),
    renew: (number) => commit((state) => renewPlan(state, number, held)),
    abandoned: () =>
      commit((state) => ({
        events: exhaustedEvents(state, held),
        answer: () => held.abandoned(state).map(({ number }) => number),
      })),
    held: () => commit((state) => ({ events: [], answer: () => held.held(state) })),
  };
}

/** What only looks at the state. */
function results<P extends Params>(
  look: <T>(view: (state: LiveState<P>) => T) => Promise<T>,
  goal: Goal,
): Pick<LocalStudy<P>, 'trials' | 'waiting' | 'trial' | 'best' | 'pareto' | 'notes'> {
  return {
    trials: () => look((state) => [...state.trials]),
    waiting: () => look((state) => [...state.queue]),
    trial: (number) => look((state) => state.trials[number]),
    best: () => look((state) => bestTrial(state.trials, goal)),
    pareto: () => look((state) => paretoFront(state.trials, goal)),
    notes: () => look(({ attributes = {}, note }) => ({ attributes, ...(note !== undefined && { note }) })),
  };
}

/** The first event of a new study, or the check that an existing one is the same. Throws InvalidArgumentError. */
function openPlan<P extends Params>(
  state: LiveState<P>,
  { space, goal, seed }: { readonly goal: Goal } & Pick<StudyOptions<P>, 'space' | 'seed'>,
  held: Leases<P>,
): Plan<void> {
  const meant = createdEvent(space, goal, seed ?? 0);
  if (state.created) refuseAnother(state.created, meant, seed !== undefined);
  return { events: state.created ? [] : [meant], answer: () => held.opened(state) };
}
