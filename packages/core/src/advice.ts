import type { Params } from './trial.ts';

/** What comes from outside of a sampler for one proposal: a person's or a language model's idea of where good values lie. */
export interface Advice<P extends Params = Params> {
  /** Join the candidates of the acquisition: one is taken where its acquisition value is larger than that of all others. */
  readonly candidates: readonly P[];
  /** Is taken where the model expects a better value there than at the acquisition's point and at all observed ones. */
  readonly preferred?: P | undefined;
  /** Absent: none. */
  readonly prior?: OptimumPrior<P> | undefined;
}

/** A prior belief of where the optimum lies: kernels around configurations, mixed with the uniform density. */
export interface OptimumPrior<P extends Params = Params> {
  readonly around: readonly P[];
  /** Share of the kernels in the mixture, in [0, 1). */
  readonly weight: number;
  /**
   * `prior`: the acquisition times π(x)^(strength/n) after n trials (Hvarfner et al. 2022, "πBO", eq. 6). `mean-shift`: the predicted mean
   * plus strength/n standard deviations of the observed values where the kernels are densest, less by their density elsewhere.
   */
  readonly influence: 'prior' | 'mean-shift';
  /** A number from 0. */
  readonly strength: number;
}
