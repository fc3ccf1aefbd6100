import {
  type Goal,
  InvalidArgumentError,
  type Lease,
  type Outcome,
  OutOfSpaceError,
  type Params,
  type StudyEvent,
  type Trial,
  TrialStateError,
  UnsupportedError,
} from '@foothold/core';
import { canonical } from './canonical.ts';
import { checkedOutcome } from './checked-outcome.ts';
import { createdEvent, refuseAnother } from './created-event.ts';
import { refuseEnqueued, refuseOutside } from './enqueued-params.ts';
import { bestTrial, checkedGoal, metricsOf, paretoFront } from './goal.ts';
import type { LocalStudy } from './local-study.ts';
import { differenceOf } from './outcome-text.ts';
import { processName, processRuns } from './process-name.ts';
import { nameOf, refuseUnsupported } from './refuse-unsupported.ts';
import type { StudyState } from './replay.ts';
import { memoryStorage } from './storage/memory-storage.ts';
import { studyLog } from './study-log.ts';
import { refuseName } from './study-name.ts';
import type { PastTrial, StudyOptions } from './study-options.ts';
import { agrees, suggestion } from './suggestion.ts';

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
  if (lease.ms !== undefined && (!(lease.ms > 0 && lease.ms < Infinity) || !clock))
    throw new InvalidArgumentError('lease.ms', lease.ms, 'milliseconds above 0, together with a clock');
  const owner = lease.owner ?? processName();
  const alive = lease.alive ?? processRuns;
  const log = studyLog<P>(storage, name);
  const needs = { metrics: metricsOf(goal), cost: goal.cost };
  const asked = new Set<number>();
  let mineBefore: ReadonlySet<number> = new Set();

  const opened = log.commit((state) => {
    const meant = createdEvent(space, goal, options.seed ?? 0);
    if (state.created) refuseAnother(state.created, meant, options.seed !== undefined);
    const former = [...state.leases].filter(([, { owner: of }]) => of === owner);
    return {
      events: state.created ? [] : [meant],
      answer: () => {
        mineBefore = new Set(former.map(([number]) => number));
      },
    };
  });
  opened.catch(() => undefined); // thrown by the first call instead

  const commit: typeof log.commit = async (plan) => {
    await opened;
    return log.commit(plan);
  };
  const look = <T>(view: (state: StudyState<P>) => T) =>
    commit((state) => ({ events: [], answer: () => view(state) }));
  const newLease = (): Lease => (lease.ms === undefined ? { owner } : { owner, until: clock!() + lease.ms });
  const isAbandoned = (number: number, held: Lease | undefined): boolean => {
    if (!held) return true;
    if (held.until !== undefined && clock && clock() > held.until) return true;
    if (held.owner === owner) return mineBefore.has(number) && !asked.has(number);
    return !alive(held.owner);
  };
  const abandonedOf = (state: StudyState<P>) =>
    state.trials.filter((t) => t.state === 'running' && isAbandoned(t.number, state.leases.get(t.number)));
  /** The trial, as long as this process may write to it. */
  const writable = (state: StudyState<P>, number: number, to: string): Trial<P> => {
    const trial = state.trials[number];
    if (!trial) throw new TrialStateError(number, 'unknown', to);
    const holder = state.leases.get(number)?.owner;
    if (trial.state === 'running' && asked.has(number) && holder !== undefined && holder !== owner)
      throw new TrialStateError(number, `running at ${holder} since its lease ran out`, to);
    return trial;
  };

  return {
    name,
    space,
    goal,
    ask: async ({ fixed, signal } = {}) => {
      if (fixed && Object.keys(fixed).length > 0) {
        if (!sampler.supports?.includes('fixed')) throw new UnsupportedError('fixed', nameOf(sampler));
        space.coordinates?.(fixed as Partial<P>);
      }
      return commit(async (state) => {
        signal?.throwIfAborted();
        const again = abandonedOf(state).find(({ params }) => agrees(params, fixed));
        const seed = state.created!.seed;
        const request = { space, sampler, goal, seed, budget: options.budget, fixed, signal };
        const next = again
          ? { type: 'asked' as const, number: again.number, params: again.params }
          : await suggestion(state, request);
        if (next.type === 'dequeued')
          return {
            events: [next],
            answer: () => {
              throw new OutOfSpaceError(
                'what was enqueued',
                next.params,
                `what can be asked, and it is taken from the queue: ${next.reason}`,
              );
            },
          };
        const events: StudyEvent[] = [{ ...next, lease: newLease() }];
        if (again && state.leases.has(again.number))
          events.unshift({ type: 'expired', number: again.number });
        return {
          events,
          answer: () => {
            asked.add(next.number);
            return state.trials[next.number]!;
          },
        };
      });
    },
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
        const trial = writable(state, number, 'reported');
        if (trial.state !== 'running') throw new TrialStateError(number, trial.state, 'reported');
        const known = trial.reports.find((report) => report.step === step);
        if (known && known.value !== value)
          throw new InvalidArgumentError(
            'step',
            step,
            `a step without a report; this one has ${known.value}`,
          );
        const events: StudyEvent[] = known ? [] : [{ type: 'reported', number, step, value }];
        const { until } = state.leases.get(number) ?? {};
        if (lease.ms !== undefined && until !== undefined && until - clock!() < lease.ms / 2)
          events.push({ type: 'asked', number, params: trial.params, lease: newLease() });
        const decision = () => {
          const others = state.trials.filter((other) => other.number !== number);
          return pruner?.prune(state.trials[number]!, others, goal.direction) ? 'prune' : 'continue';
        };
        return { events, answer: decision };
      }),
    tell: (number, told) =>
      commit((state) => {
        const outcome = checkedOutcome(told, needs);
        const trial = writable(state, number, outcome.state);
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
        const trial = writable(state, number, 'released');
        if (trial.state !== 'running') throw new TrialStateError(number, trial.state, 'released');
        const held = state.leases.has(number);
        return { events: held ? [{ type: 'expired', number }] : [], answer: () => undefined };
      }),
    trials: () => look((state) => [...state.trials]),
    best: () => look((state) => bestTrial(state.trials, goal)),
    pareto: () => look((state) => paretoFront(state.trials, goal)),
    abandoned: () => look((state) => abandonedOf(state).map(({ number }) => number)),
    log: async () => {
      await opened;
      return storage.read(name, 0);
    },
  };
}

function outcomeOf<P extends Params>(trial: PastTrial<P>): Outcome {
  return { ...trial, state: trial.state ?? 'complete' } as Outcome;
}
