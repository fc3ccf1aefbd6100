import type { ModelService } from './model-service.ts';

/** A call of an operation, with a number that its answer has too. */
export interface ModelQuestion {
  readonly id: number;
  readonly operation: keyof ModelService;
  readonly operands: readonly unknown[];
}

export type ModelAnswer =
  | { readonly id: number; readonly result: unknown }
  | { readonly id: number; readonly error: { readonly name: string; readonly message: string } };
