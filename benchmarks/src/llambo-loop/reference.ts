import type { Direction } from '@foothold/core';
import recorded from './reference.json' with { type: 'json' };

export interface LoopObjective {
  readonly direction: Direction;
  /** value = offset + factor · b, where b is 1 at the optimum and falls to 0. */
  readonly offset: number;
  readonly factor: number;
}

export interface SvmParams {
  readonly [name: string]: number;
  readonly C: number;
  readonly gamma: number;
  readonly tol: number;
}

/** What one prompt shows. */
export interface Information {
  readonly samples: boolean;
  readonly features: boolean;
  readonly classes: boolean;
  readonly model: boolean;
  readonly task: boolean;
  readonly metric: boolean;
  /** Hyperparameters whose two bounds are shown. */
  readonly ranges: number;
  /** Evaluated configurations that are shown with their value. */
  readonly examples: number;
  /** Largest relative error of a hyperparameter in them: what rounding lost. */
  readonly example_error: number;
  readonly target: boolean;
}

/** What `record-reference.py` wrote. */
export interface Reference {
  readonly source: { readonly repository: string; readonly commit: string };
  readonly limit_seconds: number;
  readonly trials: number;
  readonly card: { readonly samples: number; readonly features: number; readonly classes: number };
  readonly objectives: Readonly<Record<string, LoopObjective>>;
  readonly initial: readonly SvmParams[];
  readonly candidates: readonly SvmParams[];
  readonly fractions: readonly number[];
  /** Of its loop with each objective; `evaluations` is the number that it made. */
  readonly outcomes: Readonly<Record<string, ReferenceOutcome>>;
  readonly generative: ReferenceOutcome;
  readonly information: Readonly<Record<'candidates' | 'prediction', Information>>;
}

export interface ReferenceOutcome {
  readonly ends: string;
  readonly evaluations: number;
  readonly error?: string;
}

export const reference = recorded as Reference;
