import type { Acquisition, Awaitable, Params, SearchSpace, Trial } from '@foothold/core';
import type { CompleteTrial, Evaluation, LocalStudy, PastTrial, TrialContext } from '@foothold/study';
import type { ParameterShift } from '../learning-rate-shift.ts';
import type { RunOptions } from '../run-options.ts';
import type { Stage } from '../stage.ts';
import type { WithFidelity } from './fidelity-space.ts';

/** Evaluates parameters at `context.fidelity`: so many epochs, such a share of the data, such a width. */
export type FidelityObjective<P extends Params> = (
  params: P,
  context: TrialContext & { readonly fidelity: number },
) => Awaitable<Evaluation>;

/** One fidelity at which the objective can be evaluated. */
export interface Fidelity<P extends Params> {
  /** Epochs, rows, width: above that of the fidelity before. */
  readonly fidelity: number;
  /** For messages and reports. Default: the fidelity. */
  readonly name?: string | undefined;
  /** What one evaluation costs, in the units of `budget`. Default: the fidelity. */
  readonly cost?: number | undefined;
  /** Default: `evaluate` of the options. */
  readonly evaluate?: FidelityObjective<P> | undefined;
  /** Past evaluations at this fidelity; they cost nothing. */
  readonly history?: readonly PastTrial<P>[] | undefined;
  /** Where good parameters of this fidelity are expected at the target fidelity; see `learningRateShift`. */
  readonly shift?: ParameterShift | undefined;
}

/** What `multiFidelity` takes. */
export interface MultiFidelityOptions<P extends Params> extends RunOptions {
  readonly space: SearchSpace<P>;
  /** Two or more, the cheapest first. The last one is the target fidelity: the problem that counts. */
  readonly fidelities: readonly Fidelity<P>[];
  readonly evaluate?: FidelityObjective<P> | undefined;
  /** Cost of all evaluations together, those of earlier runs included: at least one evaluation at the target fidelity. */
  readonly budget: number;
  /** `measured`: an evaluation costs its metric `seconds`, or what `clock` says, and `budget` is in seconds. */
  readonly costs?: 'given' | 'measured' | undefined;
  /**
   * What an evaluation is worth, its cost aside. Every second trial at the target fidelity is the default sampler's all the same.
   * Default: `logMultiFidelityKnowledgeGradient`.
   */
  readonly acquisition?: Acquisition | undefined;
  /** Trials at the cheapest fidelity before the first model. Default: chosen by the sampler. */
  readonly initialTrials?: number | undefined;
  /** Parameter of the study that holds the fidelity. Default: `fidelity`. */
  readonly fidelityName?: string | undefined;
  /** `spent`: cost of all evaluations so far, running ones included. */
  readonly onTrial?:
    | ((
        trial: Trial<P>,
        at: { readonly index: number; readonly name: string; readonly spent: number },
      ) => void)
    | undefined;
}

/** The evaluations at one fidelity in order, and the best of them. */
export interface FidelityStage<P extends Params> extends Stage<P> {
  readonly name: string;
  readonly fidelity: number;
  /** Cost of one evaluation; the mean seconds where costs are measured. */
  readonly cost: number;
  readonly spent: number;
}

/** What `multiFidelity` returns. */
export interface MultiFidelityResult<P extends Params> {
  /** Best parameters that were evaluated at the target fidelity, and their value there. */
  readonly params: P;
  readonly value: number;
  readonly best: CompleteTrial<P>;
  readonly fidelities: readonly FidelityStage<P>[];
  /** Cost of all evaluations; may end up to one evaluation at the target fidelity below the budget. */
  readonly spent: number;
  /** All trials in order, each with its fidelity among the parameters. */
  readonly study: LocalStudy<WithFidelity<P>>;
}
