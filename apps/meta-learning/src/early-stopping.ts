/** What an epoch's score means for the training. */
export interface Verdict {
  /** The lowest loss so far. */
  readonly best: boolean;
  readonly stop: boolean;
}

export interface EarlyStoppingOptions {
  /** Epochs without a lower loss after which training ends, at least 1. */
  readonly patience: number;
  /** How much lower a loss must be to count, nats. Default: 0. */
  readonly minDelta?: number | undefined;
}

/** Ends a training whose validation loss has stopped falling (Prechelt 1998, "Early Stopping – But When?"). NaN is no fall. */
export function earlyStopping({ patience, minDelta = 0 }: EarlyStoppingOptions): (loss: number) => Verdict {
  let lowest = Infinity;
  let since = 0;
  return (loss) => {
    const best = loss < lowest - minDelta;
    if (best) lowest = loss;
    since = best ? 0 : since + 1;
    return { best, stop: since >= patience };
  };
}
