import { observe } from './belief.ts';
import type { CellStore } from './cell-store.ts';
import {
  beliefFrom,
  type FitRecord,
  type FittedBelief,
  fitIsDue,
  refit,
  standardScore,
} from './fitted-belief.ts';
import type { ModelOptions } from './options.ts';
import type { ScoreProblem } from './validated.ts';

/** A standardized score beyond this has a square that overflows: units and fit start again. */
const maxStandardScore = 1e100;

/** The model of a study, kept in step with its cells. */
export interface StudyModel {
  /** The belief given all known cells; fitted again where it is time. */
  believed(): FittedBelief;
  /** Keeps a score and updates the belief. Throws CellConflictError. */
  record(row: number, column: number, value: number): void;
  /** Record of the last fit; undefined before the first one. */
  fit(): FitRecord | undefined;
}

export function studyModel(
  problem: ScoreProblem,
  store: CellStore,
  options: { readonly model: ModelOptions; readonly fit: FitRecord | undefined },
): StudyModel {
  let fit = options.fit;
  let current: FittedBelief | undefined;
  return {
    believed() {
      if (fitIsDue(store.cells.length, fit)) {
        fit = refit(problem, store.cells, { previous: fit, model: options.model });
        current = undefined;
      }
      current ??= beliefFrom(problem, store.cells, fit!);
      return current;
    },
    record(row, column, value) {
      const cell = store.record(row, column, value);
      if (!cell || !current) return;
      const z = standardScore(problem, current.units, cell);
      if (Math.abs(z) > maxStandardScore) fit = current = undefined;
      else observe(current.belief, cell, z);
    },
    fit: () => fit,
  };
}
