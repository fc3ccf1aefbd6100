export interface PlateauOptions {
  /** Learning rate of the first epoch. */
  readonly learningRate: number;
  /** What the rate is multiplied by on a plateau, in (0, 1). Default: 0.5. */
  readonly factor?: number | undefined;
  /** Epochs without a fall that are endured; one more reduces. Default: 2. */
  readonly patience?: number | undefined;
  /** Share by which a loss must lie below the lowest one to count as a fall. Default: 1e-4. */
  readonly threshold?: number | undefined;
  /** The rate is never lowered below this. Default: 0. */
  readonly lowest?: number | undefined;
}

/**
 * ReduceLROnPlateau: takes each epoch's validation loss and gives the learning rate of the next epoch.
 *
 * The rule of PyTorch's scheduler of this name, mode min, relative threshold, no cooldown (tested against it).
 */
export function reduceOnPlateau(options: PlateauOptions): (loss: number) => number {
  const { factor = 0.5, patience = 2, threshold = 1e-4, lowest = 0 } = options;
  let rate = options.learningRate;
  let best = Infinity;
  let bad = 0;
  return (loss) => {
    if (loss < best * (1 - threshold) || (best === Infinity && loss < best)) {
      best = loss;
      bad = 0;
    } else bad++;
    if (bad > patience) {
      rate = Math.max(rate * factor, lowest);
      bad = 0;
    }
    return rate;
  };
}
