import {
  type Goal,
  InvalidArgumentError,
  type Outcome,
  type Params,
  type StudyEvent,
  TrialStateError,
} from '@foothold/core';
import { asker } from './ask.ts';
import { canonical } from './canonical.ts';
import { checkedOutcome } from './checked-outcome.ts';
import { createdEvent, refuseAnother } from './created-event.ts';
import { refuseEnqueued, refuseOutside } from './enqueued-params.ts';
import { bestTrial, checkedGoal, metricsOf, paretoFront } from './goal.ts';
import { leases } from './leases.ts';
import type { LocalStudy } from './local-study.ts';
import { differenceOf } from './outcome-text.ts';
import { refuseUnsupported } from './refuse-unsupported.ts';
import type { LiveState } from './replay.ts';
import { memoryStorage } from './storage/memory-storage.ts';
import { studyLog } from './study-log.ts';
import { refuseName } from './study-name.ts';
import type { PastTrial, StudyOptions } from './study-options.ts';

/**
 * Opens the study of this name in the storage, or makes it. Reading begins at once; what it finds wrong (another space
 * or goal under this name: InvalidArgumentError that names what differs; StorageError) is thrown by the first call.
 *
 * Throws UnsupportedError at once when the sampler does not state an ability that the space or the goal needs, or when
 * its `check` refuses them, InvalidArgumentError for a name with other characters than letters (a to z), digits, `_`, `.`
 * and `-`, that begins with `.` or `-`, or that is longer than 200 characters.
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
  const log = studyLog<P>(storage, name);
  const needs = { metrics: metricsOf(goal), cost: goal.cost };

  const opened = log.commit((state) => {
    const meant = createdEvent(space, goal, options.seed ?? 0);
    if (state.created) refuseAnother(state.created, meant, options.seed !== undefined);
    return { events: state.created ? [] : [meant], answer: () => held.opened(state) };
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
    leases: held,
    request: { space, sampler, goal, plannedTrials: options.trials },
    seed: (state) => state.created!.seed,
  });

  return {
    name,
    space,
    goal,
    ask,
    enqueue: (params) =>
      commit(() => {
        refuseEnqueued(space, sampler, params);
        return { events: [{ type: 'enqueued', params: params as Params }], answer: () => undefined };
      }),
    report: (number, step, value) =>
      commit((state) => {
        if (!Number.isSafeInteger(step) || step < 0)
          throw new InvalidArgumentError('step', step, 'a whole number from 0');
        if (!Number.isFinite(value)) throw new InvalidArgumentError('value', value, 'a finite number');
        const trial = held.writable(state, number, 'reported');
        if (trial.state !== 'running') throw new TrialStateError(number, trial.state, 'reported');
        const known = state.reportAt(number, step);
        if (known !== undefined && known !== value)
          throw new InvalidArgumentError('step', step, `a step without a report; this one has ${known}`);
        const events: StudyEvent[] = known !== undefined ? [] : [{ type: 'reported', number, step, value }];
        if (held.isDue(state.leases.get(number)))
          events.push({ type: 'asked', number, params: trial.params, lease: held.fresh() });
        const decision = () => {
          if (!pruner) return 'continue';
          const others = state.trials.filter((other) => other.number !== number);
          return pruner.prune(state.trials[number]!, others, goal.direction) ? 'prune' : 'continue';
        };
        return { events, answer: decision };
      }),
    tell: (number, told) =>
      commit((state) => {
        const outcome = checkedOutcome(told, needs);
        const trial = held.writable(state, number, outcome.state);
        const events: StudyEvent[] = trial.state === 'running' ? [{ type: 'told', number, outcome }] : [];
        if (trial.state !== 'running') {
          const own = checkedOutcome(trial, { metrics: [] });
          const { from, to } = differenceOf(own, outcome);
          if (canonical(own) !== canonical(outcome)) throw new TrialStateError(number, from, to);
        }
        return { events, answer: () => undefined };
      }),
    load: (past) =>
      commit((state) => {
        const events = past
          .filter(({ state: of }) => of !== 'running')
          .map((trial, i): StudyEvent => {
            refuseOutside(space, trial.params);
            const number = state.trials.length + i;
            return {
              type: 'loaded',
              number,
              params: trial.params,
              outcome: checkedOutcome(outcomeOf(trial), needs),
            };
          });
        return { events, answer: () => events.length };
      }),
    release: (number) =>
      commit((state) => {
        const trial = held.writable(state, number, 'released');
        if (trial.state !== 'running') throw new TrialStateError(number, trial.state, 'released');
        const isLeased = state.leases.has(number);
        return { events: isLeased ? [{ type: 'expired', number }] : [], answer: () => undefined };
      }),
    trials: () => look((state) => [...state.trials]),
    best: () => look((state) => bestTrial(state.trials, goal)),
    pareto: () => look((state) => paretoFront(state.trials, goal)),
    renewEvery: lease.ms === undefined ? undefined : lease.ms / 3,
    renew: (number) =>
      commit((state) => {
        const trial = held.writable(state, number, 'renewed');
        if (trial.state !== 'running') throw new TrialStateError(number, trial.state, 'renewed');
        const { params } = trial;
        const isEndless = state.leases.get(number)?.until === undefined;
        return {
          events: isEndless ? [] : [{ type: 'asked', number, params, lease: held.fresh() }],
          answer: () => undefined,
        };
      }),
    abandoned: () => look((state) => held.abandoned(state).map(({ number }) => number)),
    held: () => look(held.held),
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

function outcomeOf<P extends Params>(trial: PastTrial<P>): Outcome {
  return { ...trial, state: trial.state ?? 'complete' } as Outcome;
}
