import {
  type HeldTrial,
  InvalidArgumentError,
  type Lease,
  type Params,
  type Trial,
  TrialStateError,
} from '@foothold/core';
import { processName, processRuns } from './process-name.ts';
import type { LiveState } from './replay.ts';
import type { LeaseOptions } from './study-options.ts';

/** Which running trials are whose, as one worker sees it. */
export interface Leases<P extends Params> {
  readonly owner: string;
  /** A lease of this worker that begins now. */
  fresh(): Lease;
  /** Remembers which trials an earlier self of this name left, when the study is opened. */
  opened(state: LiveState<P>): void;
  /** Remembers that this object asked for the trial. */
  took(number: number): void;
  /** Running trials that nobody works on any more. */
  abandoned(state: LiveState<P>): readonly Trial<P>[];
  /** Running trials of others that are not abandoned yet. */
  held(state: LiveState<P>): readonly HeldTrial[];
  /** Trials that were asked for, and have ended or are in somebody's hands. */
  taken(state: LiveState<P>): number;
  /** The trial, as long as this worker may write to it. Throws TrialStateError. */
  writable(state: LiveState<P>, number: number, to: string): Trial<P>;
  /** Whether the lease of a trial of this worker is due to be renewed. */
  isDue(held: Lease | undefined): boolean;
}

/** Throws InvalidArgumentError for a time that is not positive, or that has no clock beside it. */
export function leases<P extends Params>(
  { owner = processName(), alive = processRuns, ms }: LeaseOptions,
  clock: (() => number) | undefined,
): Leases<P> {
  if (ms !== undefined && (!(ms > 0 && ms < Infinity) || !clock))
    throw new InvalidArgumentError('lease.ms', ms, 'milliseconds above 0, together with a clock');
  const mine = new Set<number>();
  let left: ReadonlySet<number> = new Set();
  /** Since when leases without an end, of owners that cannot be asked, have shown no sign of life. */
  const silent = new Map<
    number,
    { readonly lease: Lease; readonly reports: number; readonly since: number }
  >();

  const expiresIn = (trial: Trial<P>, lease: Lease): number | undefined => {
    if (!clock) return undefined;
    if (lease.until !== undefined) return lease.until - clock();
    if (ms === undefined || lease.owner === owner || alive(lease.owner) !== undefined) return undefined;
    const reports = trial.reports.length;
    let seen = silent.get(trial.number);
    if (!seen || seen.lease !== lease || seen.reports !== reports) {
      seen = { lease, reports, since: clock() };
      silent.set(trial.number, seen);
    }
    return seen.since + ms - clock();
  };
  const isAbandoned = (trial: Trial<P>, lease: Lease | undefined): boolean => {
    if (!lease) return true;
    const rest = expiresIn(trial, lease);
    if (rest !== undefined && rest < 0) return true;
    if (lease.owner === owner) return left.has(trial.number) && !mine.has(trial.number);
    return alive(lease.owner) === false;
  };
  const abandoned: Leases<P>['abandoned'] = (state) =>
    [...state.running]
      .map((number) => state.trials[number]!)
      .filter((trial) => isAbandoned(trial, state.leases.get(trial.number)));

  return {
    owner,
    fresh: () => (ms === undefined ? { owner } : { owner, until: clock!() + ms }),
    opened: (state) => {
      left = new Set(
        [...state.leases].filter(([, lease]) => lease.owner === owner).map(([number]) => number),
      );
    },
    took: (number) => {
      mine.add(number);
    },
    abandoned,
    held: (state) =>
      [...state.leases].flatMap(([number, lease]) => {
        const trial = state.trials[number]!;
        if (lease.owner === owner || trial.state !== 'running' || isAbandoned(trial, lease)) return [];
        const rest = alive(lease.owner) === true ? undefined : expiresIn(trial, lease);
        return [{ number, owner: lease.owner, ...(rest === undefined ? {} : { expiresIn: rest }) }];
      }),
    taken: (state) => {
      const free = new Set(abandoned(state).map(({ number }) => number));
      const own = (number: number) => mine.has(number) && state.leases.get(number)?.owner === owner;
      return state.trials.filter((t) => !t.loaded && (!free.has(t.number) || own(t.number))).length;
    },
    writable: (state, number, to) => {
      const trial = state.trials[number];
      if (!trial) throw new TrialStateError(number, 'unknown', to);
      const holder = state.leases.get(number)?.owner;
      if (trial.state === 'running' && mine.has(number) && holder !== undefined && holder !== owner)
        throw new TrialStateError(number, `running at ${holder} since its lease ran out`, to);
      return trial;
    },
    isDue: (lease) => ms !== undefined && lease?.until !== undefined && lease.until - clock!() < ms / 2,
  };
}
