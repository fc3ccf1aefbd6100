import { integer, logInteger, logUniform, ordinal, searchSpace, uniform } from '@foothold/space';

/**
 * What is tuned, the same on every task: the ranges of LCBench for these parameters (Zimmer et al. 2021, "Auto-PyTorch
 * Tabular": learning rate 1e-4–0.1, batch 16–512, dropout 0–1, 1–52 epochs, 64–1024 units), cut to what a few
 * hundred images and a small network need.
 */
export const space = searchSpace({
  /** Step size of gradient descent with momentum 0.9. */
  learningRate: logUniform(1e-4, 0.1).default(0.01),
  batchSize: ordinal(16, 32, 64, 128, 256).default(32),
  /** Epochs at most: early stopping may end sooner. */
  epochs: integer(1, 30).default(15),
  /** Share of hidden units that training drops. */
  dropout: uniform(0, 0.9).default(0.2),
  /** Units of the hidden layer. */
  width: logInteger(8, 128).default(32),
});

export type Settings = ReturnType<typeof space.decode>;
