import type { Outcome, Params, Trial } from './trial.ts';

/** The ask-tell loop. A local study and a remote one are the same interface. */
export interface Study<P extends Params = Params> {
  /** Claims the next trial under a lease; the sampler sees every pending trial. `fixed` parameters are given, not chosen. */
  ask(options?: { readonly fixed?: Partial<P>; readonly signal?: AbortSignal }): Promise<Trial<P>>;
  /**
   * Puts parameters at the end of a queue that is asked before the sampler is: a default configuration, a colleague's
   * guess. Of some parameters only, the sampler chooses the others with these given. Throws OutOfSpaceError.
   */
  enqueue(params: Partial<P>): Promise<void>;
  report(number: number, step: number, value: number): Promise<'continue' | 'prune'>;
  /** Idempotent: telling the same outcome twice is one tell; a different one, or a lease that was lost, throws TrialStateError. */
  tell(number: number, outcome: Outcome): Promise<void>;
  trials(): Promise<readonly Trial<P>[]>;
}
