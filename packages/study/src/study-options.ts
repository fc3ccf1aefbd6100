import type {
  Goal,
  Notes,
  Outcome,
  Params,
  ProgramState,
  Pruner,
  Sampler,
  SearchSpace,
  Storage,
} from '@foothold/core';

/** Who this process is to the study's other workers, and for how long it may be silent. */
export interface LeaseOptions {
  /** Another name than that of the machine and process; needed where one process opens one study several times. */
  readonly owner?: string | undefined;
  /**
   * Milliseconds after which a running trial whose worker was silent is given to another one; `optimize` renews the lease
   * while it evaluates. Absent: never. Needs `clock`.
   */
  readonly ms?: number | undefined;
  /**
   * Whether the owner of a running trial is still there, undefined where that cannot be known; by default false for ended
   * processes of this machine, and undefined for those of other machines and containers. An owner of whom it says undefined is not asked for again.
   */
  readonly alive?: ((owner: string) => boolean | undefined) | undefined;
  /**
   * How often a trial is asked again whose worker was silent or ended, before it fails with a reason that says so. Trials that
   * were given back do not count. Default: 3.
   */
  readonly retries?: number | undefined;
  /**
   * What becomes of a `tell` when another worker has, or had, the trial since: `refuse` throws TrialStateError; `keep` adds it
   * as a loaded trial of the same parameters with the attribute `lateFor`, the trial's number. Default: `refuse`.
   */
  readonly late?: 'refuse' | 'keep' | undefined;
  /**
   * Numbers of running trials that this owner still evaluates, asked for through another object of the study (the one before an
   * edit): they are not given out again. Absent: what runs under this owner's name was left by an earlier process.
   */
  readonly holds?: readonly number[] | undefined;
}

/** What `createStudy` takes; the goal's parts (objectives, constraints, cost, repeat) are options like the others. */
export interface StudyOptions<P extends Params> extends Omit<Goal, 'direction'> {
  readonly space: SearchSpace<P>;
  readonly sampler: Sampler;
  /** May be left out where `objectives` says it. */
  readonly direction?: Goal['direction'];
  /** A study of this name that it holds already is continued. Default: memory. */
  readonly storage?: Storage | undefined;
  /** Letters (a to z), digits, `_`, `.` and `-`, at most 200, not beginning with `.` or `-`. Default: `study`. */
  readonly name?: string | undefined;
  /** Default: what the continued study has, or 0. */
  readonly seed?: number | undefined;
  readonly pruner?: Pruner | undefined;
  /** Number of trials planned in all: samplers plan by it, nothing stops at it. */
  readonly trials?: number | undefined;
  readonly lease?: LeaseOptions | undefined;
  /** Milliseconds since 1970, such as `Date.now`: events and trials then have times. All workers of the study share it. */
  readonly clock?: (() => number) | undefined;
  /** The program that makes the suggestions, with its version (`foothold 0.1.0`): the log names it for `replaySuggestions`. */
  readonly program?: string | undefined;
}

/** How a lease is renewed. */
export interface RenewOptions {
  /** The owner who has the lease: where another one, or nobody, has it now, TrialStateError is thrown and nothing changes. */
  readonly from?: string | undefined;
  /** Names the call, at most 200 characters: a lease that this owner has by a call of the same key may be renewed whatever `from` says. For a call whose answer was lost. */
  readonly key?: string | undefined;
}

/** How past trials are added. */
export interface LoadOptions {
  /**
   * Whether each keeps the `samplerState` that it has. For trials that this study's sampler proposed before, so that it goes on as it
   * would have. Default: false.
   */
  readonly samplerState?: boolean | undefined;
}

/** A past evaluation: an outcome's fields beside the parameters; `state` is complete where it is left out. */
export type PastTrial<P extends Params = Params> = {
  readonly params: P;
  readonly samplerState?: ProgramState | undefined;
} & Notes &
  (
    | Outcome
    | { readonly state: 'running' }
    | (Omit<Extract<Outcome, { readonly state: 'complete' }>, 'state'> & { readonly state?: undefined })
  );
