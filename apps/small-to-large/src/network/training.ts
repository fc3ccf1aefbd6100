import type { Rng } from '@foothold/core';
import type { LabelledImages } from '../data/fashion-mnist.ts';
import { shuffled } from '../data/sampling.ts';
import type { Tf } from './backend.ts';
import { crossEntropy } from './cross-entropy.ts';
import { type GradientDescent, gradientDescent } from './gradient-descent.ts';
import type { Network } from './networks.ts';

export interface TrainingOptions {
  readonly train: LabelledImages;
  readonly validation: LabelledImages;
  readonly learningRate: number;
  readonly epochs: number;
  readonly batch: number;
  /** Epochs without a lower validation loss after which training ends. */
  readonly patience: number;
  /** Mean and standard deviation of the training pixels, 0–255: inputs are standardized with them. */
  readonly scale: { readonly mean: number; readonly standardDeviation: number };
  readonly rng: Rng;
  readonly signal?: AbortSignal | undefined;
  /** Called after each batch and each epoch, for a live display. */
  readonly onProgress?: ((progress: Progress) => void) | undefined;
}

export interface Progress {
  readonly epoch: number;
  /** Share of this epoch that is done, 0–1. */
  readonly share: number;
  readonly validation?: Score | undefined;
}

/** Mean cross-entropy (nats) and share of wrong answers. */
export interface Score {
  readonly loss: number;
  readonly error: number;
}

export interface Training {
  /** Validation score at the epoch of the lowest validation loss. */
  readonly best: Score;
  /** Validation score after each epoch that ran. */
  readonly history: readonly Score[];
  readonly ended: 'all epochs' | 'no better for a while' | 'diverged';
}

/** Share of the last step that each step keeps. */
const momentum = 0.9;

/** Images judged at once: bounds the memory of a validation. */
const judged = 250;

/**
 * Trains by stochastic gradient descent with momentum and judges after each epoch; the same loop for every network and backend.
 *
 * A loss that is no longer finite ends training as 'diverged', and the score is then that of chance. Shuffling and
 * dropout draw from `rng`, so equal seeds give equal results on one backend. Rejects with the signal's reason.
 */
export async function train(tf: Tf, network: Network, options: TrainingOptions): Promise<Training> {
  const { train: images, epochs, batch, rng, signal } = options;
  const optimizer = gradientDescent(tf, { learningRate: options.learningRate, momentum });
  const history: Score[] = [];
  const end = (ended: Training['ended']): Training => ({
    best: ended === 'diverged' ? chance : bestOf(history),
    history,
    ended,
  });
  try {
    for (let epoch = 0; epoch < epochs; epoch++) {
      const order = shuffled(images.count, rng.fork('order').fork(epoch));
      const dropout = rng.fork('dropout').fork(epoch);
      for (let from = 0; from < images.count; from += batch) {
        await turn();
        signal?.throwIfAborted();
        const loss = step(tf, network, {
          optimizer,
          dropout,
          batch: batchOf(images, order.subarray(from, from + batch), options.scale),
        });
        if (!Number.isFinite(loss)) return end('diverged');
        options.onProgress?.({ epoch, share: Math.min(1, (from + batch) / images.count) });
      }
      const score = await judge(tf, network, options);
      if (!Number.isFinite(score.loss)) return end('diverged');
      history.push(score);
      options.onProgress?.({ epoch, share: 1, validation: score });
      const since = history.length - 1 - history.indexOf(lowest(history));
      if (since >= options.patience) return end('no better for a while');
    }
    return end('all epochs');
  } finally {
    optimizer.dispose();
  }
}

/** What guessing scores with ten equally frequent classes. */
export const chance: Score = { loss: Math.log(10), error: 0.9 };

const lowest = (history: readonly Score[]) => history.reduce((a, b) => (b.loss < a.loss ? b : a));
const bestOf = (history: readonly Score[]) => (history.length ? lowest(history) : chance);

/** Lets signals, timers and the display have their turn. */
const turn = () => new Promise((resolve) => setImmediate(resolve));

/** One step of the optimizer; the loss before it. */
function step(tf: Tf, network: Network, { optimizer, dropout, batch }: StepOptions): number {
  return tf.tidy(() => {
    const { y, gradients } = network.forward(tf.tensor4d(batch.pixels, batch.shape), dropout);
    const { loss, dLogits } = crossEntropy(y.dataSync<'float32'>(), batch.labels);
    if (Number.isFinite(loss)) optimizer.step(gradients(tf.tensor(dLogits, y.shape)));
    return loss;
  });
}

interface StepOptions {
  readonly optimizer: GradientDescent;
  readonly dropout: Rng;
  readonly batch: Batch;
}

/** Validation score, dropping nothing. */
async function judge(tf: Tf, network: Network, options: TrainingOptions): Promise<Score> {
  const { validation, scale, signal } = options;
  let loss = 0;
  let wrong = 0;
  for (let from = 0; from < validation.count; from += judged) {
    await turn();
    signal?.throwIfAborted();
    const size = Math.min(judged, validation.count - from);
    const order = Uint32Array.from({ length: size }, (_, i) => from + i);
    const batch = batchOf(validation, order, scale);
    const logits = tf.tidy(() =>
      network.forward(tf.tensor4d(batch.pixels, batch.shape)).y.dataSync<'float32'>(),
    );
    const judgement = crossEntropy(logits, batch.labels);
    loss += size * judgement.loss;
    wrong += judgement.wrong;
  }
  return { loss: loss / validation.count, error: wrong / validation.count };
}

/** Standardized pixels b×side×side×1 and labels b. */
interface Batch {
  readonly pixels: Float32Array;
  readonly shape: [number, number, number, number];
  readonly labels: Uint8Array;
}

/** The images of these numbers. */
function batchOf(images: LabelledImages, order: Uint32Array, scale: TrainingOptions['scale']): Batch {
  const size = images.side * images.side;
  const pixels = new Float32Array(order.length * size);
  for (const [i, from] of order.entries())
    for (let j = 0; j < size; j++)
      pixels[i * size + j] = (images.pixels[from * size + j]! - scale.mean) / scale.standardDeviation;
  return {
    pixels,
    shape: [order.length, images.side, images.side, 1],
    labels: Uint8Array.from(order, (from) => images.labels[from]!),
  };
}
