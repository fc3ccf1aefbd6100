import type { Tf } from '@foothold/app-small-to-large/backend';
import { crossEntropy } from '@foothold/app-small-to-large/cross-entropy';
import { shuffled } from '@foothold/app-small-to-large/sampling';
import type { Rng } from '@foothold/core';
import { earlyStopping } from './early-stopping.ts';
import type { Predictions } from './metrics/predictions.ts';
import { softmax } from './metrics/softmax.ts';
import { type Momentum, momentum } from './momentum.ts';
import { type Network, network } from './network.ts';
import { reduceOnPlateau } from './reduce-on-plateau.ts';
import type { Settings } from './settings.ts';
import type { Examples, Task } from './tasks.ts';

export interface TrainingOptions {
  readonly settings: Settings;
  /** Draws initial weights, the order of the images and what dropout drops. */
  readonly rng: Rng;
  /** Epochs without a lower validation loss that end the training. */
  readonly patience: number;
  /** And those after which the learning rate is halved. */
  readonly plateau: number;
  readonly signal?: AbortSignal | undefined;
}

export interface Training {
  /** At the epoch of the lowest validation loss; of guessing when the training diverged before one was finite. */
  readonly validation: Predictions;
  readonly test: Predictions;
  /** Validation loss after each epoch, nats. */
  readonly losses: readonly number[];
  /** Learning rate of each epoch. */
  readonly rates: readonly number[];
  readonly ended: 'all epochs' | 'no better for a while' | 'diverged';
}

/**
 * Trains with gradient descent and momentum 0.9; the validation loss halves the learning rate on plateaus, ends the
 * training, and chooses the epoch whose predictions count. Rejects with the signal's reason.
 */
export async function train(tf: Tf, task: Task, options: TrainingOptions): Promise<Training> {
  const { settings, rng, signal } = options;
  const { inputs, classes } = task;
  const { width, dropout } = settings;
  const model = network(tf, { inputs, classes, width, dropout, rng: rng.fork('weights') });
  const optimizer = momentum(tf);
  const verdict = earlyStopping({ patience: options.patience });
  const nextRate = reduceOnPlateau({ learningRate: settings.learningRate, patience: options.plateau });
  const losses: number[] = [];
  const rates: number[] = [];
  let rate = settings.learningRate;
  let chosen = { validation: guesses(task.validation, classes), test: guesses(task.test, classes) };
  let ended: Training['ended'] = 'all epochs';
  try {
    for (let epoch = 0; epoch < settings.epochs; epoch++) {
      await turn();
      signal?.throwIfAborted();
      rates.push(rate);
      const finite = trainEpoch(tf, model, {
        ...{ task, optimizer, rate, batchSize: settings.batchSize },
        ...{ order: rng.fork('order').fork(epoch), dropout: rng.fork('dropout').fork(epoch) },
      });
      const { loss, predictions } = judge(tf, model, { task, examples: task.validation });
      if (!finite || !Number.isFinite(loss)) {
        ended = 'diverged';
        break;
      }
      losses.push(loss);
      const { best, stop } = verdict(loss);
      if (best)
        chosen = {
          validation: predictions,
          test: judge(tf, model, { task, examples: task.test }).predictions,
        };
      if (stop) {
        ended = 'no better for a while';
        break;
      }
      rate = nextRate(loss);
    }
    return { ...chosen, losses, rates, ended };
  } finally {
    optimizer.dispose();
    model.dispose();
  }
}

/** Lets signals and the display have their turn. */
const turn = () => new Promise((resolve) => setImmediate(resolve));

interface EpochOptions {
  readonly task: Task;
  readonly optimizer: Momentum;
  readonly rate: number;
  readonly batchSize: number;
  readonly order: Rng;
  readonly dropout: Rng;
}

/** One pass over the training images; false when a loss was not finite, and the pass ends there. */
function trainEpoch(
  tf: Tf,
  model: Network,
  { task, optimizer, rate, batchSize, ...streams }: EpochOptions,
): boolean {
  const { pixels, labels } = task.train;
  const order = shuffled(labels.length, streams.order);
  const batch = new Float32Array(batchSize * task.inputs);
  for (let from = 0; from < order.length; from += batchSize) {
    const chosen = order.subarray(from, from + batchSize);
    chosen.forEach((at, i) => {
      batch.set(pixels.subarray(at * task.inputs, (at + 1) * task.inputs), i * task.inputs);
    });
    const finite = tf.tidy(() => {
      const x = tf.tensor2d(batch.subarray(0, chosen.length * task.inputs), [chosen.length, task.inputs]);
      const { y, gradients } = model.forward(x, streams.dropout);
      const { loss, dLogits } = crossEntropy(
        y.dataSync<'float32'>(),
        Uint8Array.from(chosen, (at) => labels[at]!),
      );
      if (!Number.isFinite(loss)) return false;
      optimizer.step(gradients(tf.tensor(dLogits, y.shape)), rate);
      return true;
    });
    if (!finite) return false;
  }
  return true;
}

/** Mean cross-entropy (nats) and the probabilities, dropping nothing. */
function judge(
  tf: Tf,
  model: Network,
  { task, examples }: { readonly task: Task; readonly examples: Examples },
) {
  const { pixels, labels } = examples;
  const logits = tf.tidy(() =>
    model.forward(tf.tensor2d(pixels, [labels.length, task.inputs])).y.dataSync<'float32'>(),
  );
  const { loss } = crossEntropy(logits, labels);
  return {
    loss,
    predictions: { probabilities: softmax(logits, task.classes), labels, classes: task.classes },
  };
}

/** Every class equally likely for every image. */
function guesses({ labels }: Examples, classes: number): Predictions {
  return { probabilities: new Float64Array(labels.length * classes).fill(1 / classes), labels, classes };
}
