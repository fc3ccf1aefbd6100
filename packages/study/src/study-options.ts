import type { Goal, Outcome, Params, Pruner, Sampler, SearchSpace, Storage } from '@foothold/core';

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
   * processes of this machine, and undefined for those of other machines and containers.
   */
  readonly alive?: ((owner: string) => boolean | undefined) | undefined;
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
  /** Milliseconds of any clock that all workers of the study share. */
  readonly clock?: (() => number) | undefined;
}

/** A past evaluation: an outcome's fields beside the parameters; `state` is complete where it is left out. */
export type PastTrial<P extends Params = Params> = { readonly params: P } & (
  | Outcome
  | { readonly state: 'running' }
  | (Omit<Extract<Outcome, { readonly state: 'complete' }>, 'state'> & { readonly state?: undefined })
);
