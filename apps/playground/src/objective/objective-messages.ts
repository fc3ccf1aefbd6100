import type { Json, Outcome, SpaceDescription } from '@foothold/core';
import type { ProgramFault } from '../program/program-fault.ts';

/** What a program is, once it is loaded. */
export interface LoadedProgram {
  readonly space: SpaceDescription;
  /** Whether it exports `small`, a cheap version of its objective. */
  readonly hasSmall: boolean;
}

/** `large` is `objective`, the function that every program exports. */
export type Stage = 'small' | 'large';

export interface EvaluationRequest {
  readonly stage: Stage;
  readonly number: number;
  readonly params: Readonly<Record<string, Json>>;
}

/** What an objective returned, or threw. */
export type EvaluationAnswer =
  | { readonly returned: number | Outcome }
  | { readonly thrown: ProgramFault & { readonly name: string } };

/** The worker of a program. Methods that may fail because of the program return the fault. */
export interface ObjectiveService {
  /** Reads the packages that the program imports: how long that takes is not due to the program. */
  prepare(code: string): Promise<void>;
  load(
    code: string,
    printed: (lines: readonly string[]) => void,
  ): Promise<{ readonly program: LoadedProgram } | { readonly fault: ProgramFault }>;
  /** `report` answers whether the trial is to end now. */
  evaluate(
    request: EvaluationRequest,
    report: (step: number, value: number) => Promise<'continue' | 'prune'>,
  ): Promise<EvaluationAnswer>;
}
