import { accuracy } from './accuracy.ts';
import { aucRoc } from './auc-roc.ts';
import { macroF1 } from './macro-f1.ts';
import { meanSquaredError } from './mean-squared-error.ts';
import type { Predictions } from './predictions.ts';

/** How good predictions are: shares of 0–1, the error of the probabilities smaller for better. */
export interface Scores {
  readonly accuracy: number;
  readonly f1: number;
  readonly auc: number;
  readonly mse: number;
}

/** Every figure of the comparison but time and number of evaluations, which no prediction knows. */
export function scoresOf(predictions: Predictions): Scores {
  return {
    accuracy: accuracy(predictions),
    f1: macroF1(predictions),
    auc: aucRoc(predictions),
    mse: meanSquaredError(predictions),
  };
}
