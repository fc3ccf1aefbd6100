import { mostLikely } from './most-likely.ts';
import type { Predictions } from './predictions.ts';

/** Share of rows whose most likely class is the true one, 0–1; NaN without rows. */
export function accuracy(predictions: Predictions): number {
  const { labels } = predictions;
  const right = mostLikely(predictions).filter((c, i) => c === labels[i]).length;
  return right / labels.length;
}
