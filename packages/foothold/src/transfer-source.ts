import type { Direction, Params } from '@foothold/core';
import type { PastTrial } from '@foothold/study';

/** An earlier problem to learn from: another dataset, a smaller model, fewer epochs, last month's run. */
export interface TransferSource {
  /** For `why` and reports; its position when absent. */
  readonly name?: string | undefined;
  /** `trials()` of a study, or parameters with values; running trials are left out. */
  readonly trials: readonly PastTrial<Params>[];
  /** That of the new study when absent. */
  readonly direction?: Direction | undefined;
  /** Features of the task (size, classes, …), the same ones for every source; they help to find similar sources. */
  readonly metaFeatures?: readonly number[] | undefined;
}
