import type { PastStudy, TransferSource } from '@foothold/study';
import type { TransferMethod } from './transfer-methods.ts';

/** Where a new study starts from. */
export interface TransferOptions {
  /** Earlier studies to start from. */
  readonly transfer?: readonly (TransferSource | PastStudy)[] | undefined;
  /** How they take part; `transferMethods` has the names. Default: `auto`. */
  readonly method?: TransferMethod | undefined;
  /**
   * Mixes the method with the plain model by how well each predicts what it has not seen, against negative transfer. `auto`
   * has a gate of its own, and the portfolio leaves the model as it is: they refuse it.
   */
  readonly gated?: boolean | undefined;
  /** Features of the new task, the same ones as the sources': those of similar tasks then weigh more. */
  readonly metaFeatures?: readonly number[] | undefined;
}

/** True for a study, false for a source that holds its trials. */
export function isStudy(source: TransferSource | PastStudy): source is PastStudy {
  return typeof source.trials === 'function';
}
