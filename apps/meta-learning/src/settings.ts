import { integer, logInteger, logUniform, ordinal, searchSpace, uniform } from '@foothold/space';

/** What is tuned, the same on every task. */
export const space = searchSpace({
  /** Step size of gradient descent with momentum 0.9. */
  learningRate: logUniform(1e-4, 1).default(0.01),
  batchSize: ordinal(16, 32, 64, 128).default(32),
  /** Epochs at most: early stopping may end sooner. */
  epochs: integer(4, 30).default(15),
  /** Share of hidden units that training drops. */
  dropout: uniform(0, 0.8).default(0.2),
  /** Units of the hidden layer. */
  width: logInteger(4, 128).default(32),
});

export type Settings = ReturnType<typeof space.decode>;
