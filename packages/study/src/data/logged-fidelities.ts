import type { TrainingFidelity, Trial } from '@foothold/core';
import type { StudyState } from '../state/study-state.ts';

/** The fidelities of a study of several, as its log has them. */
export interface LoggedFidelities {
  /** Name of the parameter that holds the fidelity. */
  readonly parameter: string;
  /** The cheapest first, the target last. `cost` of one evaluation is absent where costs are measured. */
  readonly levels: readonly {
    readonly fidelity: number;
    readonly name: string;
    readonly cost?: number | undefined;
  }[];
  /** Where trials are pieces of training: a piece costs what it trains, not what its level says. */
  readonly training?: TrainingFidelity | undefined;
  /** Cost of all evaluations together, where the log has it. */
  readonly budget?: number | undefined;
  /** Whether the cost of an evaluation is the seconds that it took. */
  readonly isMeasured: boolean;
}

/**
 * The fidelities of a study: those that the log has of the sampler `multi-fidelity`, or where trials are pieces of training those up to
 * which some configuration was trained, with the largest. Undefined for studies of one fidelity.
 */
export function loggedFidelities({
  configured,
  goal,
  trials,
}: Pick<StudyState, 'configured' | 'goal' | 'trials'>): LoggedFidelities | undefined {
  if (goal?.fidelity) return ofTraining(trials, goal.fidelity, configured);
  const { name, options } = (configured?.sampler ?? {}) as Partial<Readonly<Record<string, unknown>>>;
  if (name !== 'multi-fidelity') return undefined;
  const { fidelity, fidelities, budget, costs } = (options ?? {}) as {
    readonly fidelity?: string;
    readonly fidelities?: readonly {
      readonly fidelity: number;
      readonly name?: string;
      readonly cost?: number;
    }[];
    readonly budget?: number;
    readonly costs?: string;
  };
  if (fidelity === undefined || !fidelities || fidelities.length === 0) return undefined;
  return {
    parameter: fidelity,
    levels: fidelities.map((level) => ({ name: String(level.fidelity), ...level })),
    budget,
    isMeasured: costs === 'measured',
  };
}

function ofTraining(
  trials: readonly Trial[],
  training: TrainingFidelity,
  configured: StudyState['configured'],
): LoggedFidelities {
  const { name, max } = training;
  const values = new Set(trials.map(({ params }) => Number(params[name])).filter(Number.isFinite)).add(max);
  const { options } = (configured?.sampler ?? {}) as { readonly options?: { readonly budget?: unknown } };
  const budget = options?.budget;
  return {
    parameter: name,
    levels: [...values].sort((a, b) => a - b).map((fidelity) => ({ fidelity, name: String(fidelity) })),
    training,
    budget: typeof budget === 'number' ? budget : undefined,
    isMeasured: false,
  };
}
