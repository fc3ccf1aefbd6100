import {
  type HeldTrial,
  InvalidArgumentError,
  type Lease,
  type Params,
  type Trial,
  TrialStateError,
} from '@foothold/core';
import type { LiveState } from '../state/study-state.ts';
import type { LeaseOptions } from '../study-options.ts';
import { processName, processRuns } from './process-name.ts';

/** Which running trials are whose, as one worker sees it. */
export interface Leases<P extends Params> {
  readonly owner: string;
  /** A lease of this worker that begins now. */
  fresh(): Lease;
  /** Remembers which trials an earlier process of this name left, when the study is opened. */
  opened(state: LiveState<P>): void;
  /** Remembers that this object has the trial. */
  took(number: number): void;
  /** Whether this worker has the running trial, or may have it: no other one works on it. */
  mayTake(state: LiveState<P>, number: number): boolean;
  /** Running trials that nobody works on any more. */
  abandoned(state: LiveState<P>): readonly Trial<P>[];
  /** The abandoned ones whose lease was lost more often than they are asked again for it, and why they fail. */
  exhausted(state: LiveState<P>): readonly { readonly number: number; readonly reason: string }[];
  /** True where another worker has, or had, a trial that this object asked for: its outcome comes too late. */
  isLate(state: LiveState<P>, number: number): boolean;
  /** What becomes of such an outcome. */
  readonly late: 'refuse' | 'keep';
  /** Remembers that this object told the trial's outcome. */
  told(number: number): void;
  /** Running trials of others that are not abandoned yet. */
  held(state: LiveState<P>): readonly HeldTrial[];
  /** Trials that were asked for, and have ended or are held by a worker. */
  taken(state: LiveState<P>): number;
  /** The trial, as long as this worker may write to it. Throws TrialStateError. */
  writable(state: LiveState<P>, number: number, to: string): Trial<P>;
  /** Whether the lease of a trial of this worker is due to be renewed. */
  isDue(held: Lease | undefined): boolean;
}

/** What one worker knows of itself and of the others. */
interface Worker {
  readonly owner: string;
  readonly alive: (owner: string) => boolean | undefined;
  readonly ms: number | undefined;
  readonly clock: (() => number) | undefined;
  /** Trials that this object asked for. */
  readonly mine: Set<number>;
  /** Trials that an earlier process of the same name left. */
  left: ReadonlySet<number>;
  /** Since when leases without an end, of owners that cannot be asked, have shown no sign of life. */
  readonly silent: Map<number, { readonly lease: Lease; readonly reports: number; readonly since: number }>;
}

/**
 * A trial that ends its machine costs four evaluations in all. Of trials whose machines are taken away three times in ten,
 * one in a hundred fails for it.
 */
const defaultRetries = 3;

/** The leases of one worker. Throws InvalidArgumentError for options outside their range, and for a time that has no clock beside it. */
export function leases<P extends Params>(
  options: LeaseOptions,
  clock: (() => number) | undefined,
): Leases<P> {
  refuseOptions(options, clock);
  const {
    owner = processName(),
    alive = processRuns,
    ms,
    retries = defaultRetries,
    late = 'refuse',
  } = options;
  const worker: Worker = {
    owner,
    alive,
    ms,
    clock,
    mine: new Set(options.holds),
    left: new Set(),
    silent: new Map(),
  };
  const { mine } = worker;
  const isFree = (state: LiveState<P>, number: number) => isAbandoned(worker, state, number);
  const abandoned: Leases<P>['abandoned'] = (state) =>
    freeNumbers(worker, state).map((number) => state.trial(number)!);

  return {
    owner,
    fresh: () => (ms === undefined ? { owner } : { owner, until: clock!() + ms }),
    opened: (state) => {
      worker.left = new Set(state.leaseIndex().of(owner));
    },
    took: (number) => {
      mine.add(number);
    },
    mayTake: (state, number) => !isElsewhere(worker, state, number) || isFree(state, number),
    abandoned,
    exhausted: (state) =>
      // Whether a worker lives costs more to know than how often a trial was lost.
      oftenLost(state, retries).filter(({ number }) => isFree(state, number)),
    late,
    isLate: (state, number) =>
      mine.has(number) && (state.trial(number)?.state !== 'running' || isElsewhere(worker, state, number)),
    told: (number) => {
      mine.delete(number);
    },
    held: (state) => heldByOthers(worker, state),
    taken: (state) => {
      const own = (number: number) => mine.has(number) && state.leases.get(number)?.owner === owner;
      const free = abandoned(state).filter(({ number }) => !own(number));
      return state.trials.length - state.loaded - free.length;
    },
    writable: (state, number, to) => writableTrial(worker, state, { number, to }),
    isDue: (lease) => ms !== undefined && lease?.until !== undefined && lease.until - clock!() < ms / 2,
  };
}

/** The trial, where this worker may write to it. Throws TrialStateError. */
function writableTrial<P extends Params>(
  worker: Worker,
  state: LiveState<P>,
  { number, to }: { readonly number: number; readonly to: string },
): Trial<P> {
  const trial = state.trial(number);
  if (!trial) throw new TrialStateError(number, state.deleted.has(number) ? 'deleted' : 'unknown', to);
  if (trial.state === 'running' && worker.mine.has(number) && isElsewhere(worker, state, number)) {
    const holder = state.leases.get(number)!.owner;
    throw new TrialStateError(number, `running at ${holder} since its lease ran out`, to);
  }
  return trial;
}

/** The numbers of the running trials that nobody works on any more, in order. Costs as these and the owners that can be seen do. */
function freeNumbers<P extends Params>(worker: Worker, state: LiveState<P>): readonly number[] {
  const { owner, alive, clock, mine, left } = worker;
  const { unleased, endless, of, overdue, ofEnded } = state.leaseIndex();
  const numbers = new Set([...unleased, ...(clock ? overdue(clock()) : [])]);
  for (const number of endless) if (isAbandoned(worker, state, number)) numbers.add(number);
  for (const number of of(owner)) if (left.has(number) && !mine.has(number)) numbers.add(number);
  for (const number of ofEnded(alive)) if (state.leases.get(number)!.owner !== owner) numbers.add(number);
  return [...numbers].sort((a, b) => a - b);
}

/** The trials that would be lost too often with this time. What was given back waits for the next ask: nobody lost it. */
function oftenLost<P extends Params>(
  { running, leases: held, lostLeases }: LiveState<P>,
  retries: number,
): readonly { readonly number: number; readonly reason: string }[] {
  const lostWith = (number: number) => 1 + (lostLeases.get(number) ?? 0);
  // Those that were never lost would be only where none may be.
  const often = [...(retries === 0 ? running : lostLeases.keys())].filter(
    (number) => held.has(number) && lostWith(number) > retries,
  );
  return often
    .sort((a, b) => a - b)
    .map((number) => {
      const lost = lostWith(number);
      const times = lost === 1 ? 'once' : `${lost} times`;
      return { number, reason: `its worker ended or was silent ${times}, and retries is ${retries}` };
    });
}

function heldByOthers<P extends Params>(worker: Worker, state: LiveState<P>): readonly HeldTrial[] {
  const inOrder = [...state.leases].sort(([a], [b]) => a - b);
  return inOrder.flatMap(([number, lease]) => {
    const trial = state.trial(number)!;
    const { owner } = lease;
    if (owner === worker.owner || trial.state !== 'running' || isAbandoned(worker, state, number)) return [];
    const isSeen = state.leaseIndex().isAlive(worker.alive, owner) === true;
    const rest = isSeen ? undefined : expiresIn(worker, state, { trial, lease });
    return [{ number, owner, ...(rest === undefined ? {} : { expiresIn: rest }) }];
  });
}

/** True where another worker has the trial's lease. */
function isElsewhere<P extends Params>(worker: Worker, state: LiveState<P>, number: number): boolean {
  const holder = state.leases.get(number)?.owner;
  return holder !== undefined && holder !== worker.owner;
}

function refuseOptions({ ms, retries, late }: LeaseOptions, clock: (() => number) | undefined): void {
  if (ms !== undefined && (!(ms > 0 && ms < Infinity) || !clock))
    throw new InvalidArgumentError('lease.ms', ms, 'milliseconds above 0, together with a clock');
  if (retries !== undefined && retries !== Infinity && !(Number.isSafeInteger(retries) && retries >= 0))
    throw new InvalidArgumentError('lease.retries', retries, 'a whole number from 0');
  if (late !== undefined && late !== 'refuse' && late !== 'keep')
    throw new InvalidArgumentError('lease.late', late, '"refuse" | "keep"');
}

/** Milliseconds until the lease runs out; undefined where it has no end. */
function expiresIn(
  worker: Worker,
  state: Pick<LiveState, 'leaseIndex'>,
  { trial, lease }: { readonly trial: Trial; readonly lease: Lease },
): number | undefined {
  const { clock, ms, owner, alive, silent } = worker;
  if (!clock) return undefined;
  if (lease.until !== undefined) return lease.until - clock();
  if (ms === undefined || lease.owner === owner) return undefined;
  if (state.leaseIndex().isAlive(alive, lease.owner) !== undefined) return undefined;
  const reports = trial.reports.length;
  let seen = silent.get(trial.number);
  if (!seen || seen.lease !== lease || seen.reports !== reports) {
    seen = { lease, reports, since: clock() };
    silent.set(trial.number, seen);
  }
  return seen.since + ms - clock();
}

function isAbandoned<P extends Params>(worker: Worker, state: LiveState<P>, number: number): boolean {
  const lease = state.leases.get(number);
  if (!lease) return true;
  const rest = expiresIn(worker, state, { trial: state.trial(number)!, lease });
  if (rest !== undefined && rest < 0) return true;
  if (lease.owner === worker.owner) return worker.left.has(number) && !worker.mine.has(number);
  return state.leaseIndex().isAlive(worker.alive, lease.owner) === false;
}
