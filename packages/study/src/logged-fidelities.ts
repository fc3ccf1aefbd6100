import type { StudyState } from './replay.ts';

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
  /** Cost of all evaluations together, where the log has it. */
  readonly budget?: number | undefined;
  /** Whether the cost of an evaluation is the seconds that it took. */
  readonly isMeasured: boolean;
}

/** What the log says of the fidelities of the sampler `multi-fidelity`; undefined for studies of one fidelity, and of pieces of training. */
export function loggedFidelities({
  configured,
}: Pick<StudyState, 'configured'>): LoggedFidelities | undefined {
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
