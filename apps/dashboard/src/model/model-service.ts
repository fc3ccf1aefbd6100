import type { ScoreMatrix } from '@foothold/checkpoints';
import type { Matrix, Params, StudyEvent } from '@foothold/core';
import { wasm } from '@foothold/linalg';
import {
  type Beliefs,
  beliefAt,
  canonicalPoints,
  type ModelImportance,
  type ModelInput,
  modelImportance,
  pointsOf,
  type StudyModel,
  studyModel,
} from '@foothold/study-model';
import type { CellTrial, MatrixBelief, matrixBelief, matrixHistory } from '../matrix/matrix-belief.ts';
import { type ModelSlice, modelSlices } from './model-slices.ts';
import type { NextSuggestions } from './next-suggestions.ts';

/** What the page is told of a model. */
export type ModelSummary = Pick<StudyModel, 'best' | 'trials' | 'rows' | 'direction'>;

/** What can be asked of a model. All but `fit`, `suggest` and those of matrices throw ModelReplacedError without one, or where another one came since. */
export interface ModelService {
  /** Makes the model that the other operations are of; undefined where there is too little to learn from. */
  fit(input: ModelInput): Promise<ModelSummary | undefined>;
  /** Beliefs at these parameters. */
  believe(params: readonly Params[]): Promise<Beliefs>;
  /** Mean and variance in maximized units at points of the unit cube, for charts that take a posterior. */
  marginals(x: Matrix): Promise<{ readonly mean: Float64Array; readonly variance: Float64Array }>;
  slices(at: Params): Promise<readonly ModelSlice[]>;
  importance(): Promise<ModelImportance>;
  /** The next trials of the study with this log. */
  suggest(events: readonly StudyEvent[], count: number): Promise<NextSuggestions>;
  /** What is believed of a score matrix; needs no `fit`, as `matrixHistory` needs none. */
  matrix(...of: Parameters<typeof matrixBelief>): Promise<MatrixBelief | undefined>;
  matrixHistory(scores: ScoreMatrix, trials: readonly CellTrial[]): Promise<MatrixMoments>;
}

type MatrixMoments = Awaited<ReturnType<typeof matrixHistory>>;

/** There is no model, or it was replaced while the answer was computed. The answer of the next model follows. */
class ModelReplacedError extends Error {
  override readonly name = 'ModelReplacedError';
}

/** The service, with the default linear algebra. */
export function modelService(): ModelService {
  const linalg = wasm();
  let model: StudyModel | undefined;
  const current = (): StudyModel => {
    if (!model) throw new ModelReplacedError('there is no model');
    return model;
  };
  return {
    async fit(input) {
      model = await studyModel(input, await linalg);
      if (!model) return undefined;
      const { best, trials, rows, direction } = model;
      return { best, trials, rows, direction };
    },
    async believe(params) {
      return beliefAt(current(), pointsOf(current(), params));
    },
    async marginals(x) {
      const { mean, variance } = await current().posterior.marginals(canonicalPoints(current(), x));
      return { mean, variance };
    },
    slices: async (at) => modelSlices(current(), at),
    async importance() {
      const own = current();
      return modelImportance(own, {
        async pause() {
          await otherWork();
          if (model !== own) throw new ModelReplacedError('the model was replaced');
        },
      });
    },
    async suggest(events, count) {
      const { nextSuggestions } = await import('./next-suggestions.ts');
      return nextSuggestions(events, count);
    },
    async matrix(...of) {
      return (await import('../matrix/matrix-belief.ts')).matrixBelief(...of);
    },
    async matrixHistory(scores, trials) {
      const { matrixHistory } = await import('../matrix/matrix-belief.ts');
      return matrixHistory(scores, trials, otherWork);
    },
  };
}

/** Resolves after the messages that wait. */
function otherWork(): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, 0));
}
