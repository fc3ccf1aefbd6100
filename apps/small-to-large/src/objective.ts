import { createHash } from 'node:crypto';
import { type Outcome, seeded } from '@foothold/core';
import { integer, logUniform, searchSpace, uniform } from '@foothold/space';
import type { Configuration } from './configuration.ts';
import { classes, type ImageSet, type LabelledImages } from './data/fashion-mnist.ts';
import { scaleOf, subset } from './data/sampling.ts';
import type { Tf } from './network/backend.ts';
import { ImpossibleShapeError } from './network/errors.ts';
import { network, type Settings, type Size } from './network/networks.ts';
import { type Progress, train } from './network/training.ts';

/** The reference's search space, one for both networks. */
export const space = searchSpace({
  dropout: uniform(0.1, 1),
  learningRate: logUniform(1e-4, 10),
  convolutionKernel: integer(1, 10),
  poolingKernel: integer(1, 3),
});

/** A point of the space. */
export type NetworkParams = ReturnType<typeof space.decode>;

/** The images that a run learns from and judges by. */
export interface Examples {
  readonly train: LabelledImages;
  readonly validation: Readonly<Record<Size, LabelledImages>>;
  readonly scale: { readonly mean: number; readonly standardDeviation: number };
  /** Of all these pixels and labels. */
  readonly digest: string;
}

/** Draws a run's images: training images from the training set, validation images from the test set. */
export function examplesOf(set: ImageSet, c: Configuration): Examples {
  const rng = seeded(c.seed).fork('images');
  const training = subset(set.train, c.images, rng.fork('train'));
  const share = (part: number) => Math.max(1, Math.round(part * set.test.count));
  // The same order for both, so that the small network's images are among the large one's.
  const validation = {
    small: subset(set.test, share(c.smallValidation), rng.fork('test')),
    large: subset(set.test, share(c.largeValidation), rng.fork('test')),
  };
  const hash = createHash('sha256');
  for (const { pixels, labels } of [training, validation.small, validation.large])
    hash.update(pixels).update(labels);
  return { train: training, validation, scale: scaleOf(training), digest: hash.digest('hex') };
}

export interface Evaluation {
  readonly signal?: AbortSignal | undefined;
  readonly onProgress?: ((progress: Progress) => void) | undefined;
}

/** Trains a network with these settings: its validation error (share of wrong answers) is the value. */
export type NetworkObjective = (settings: Settings, evaluation?: Evaluation) => Promise<Outcome>;

/**
 * The objective of one network size.
 *
 * Weights, order and dropout come from the run's seed, not from the trial, so on one backend a setting always has the
 * same value. The value is the error after the epoch of the lowest validation loss. A training that diverges is complete with
 * the error of guessing, 0.9, and says so in `metrics.diverged`: that is what such a network is worth. Settings without
 * a possible shape are a failed outcome with the reason. Rejects when the signal fires.
 */
export function objectiveOf(
  tf: Tf,
  size: Size,
  { examples, configuration: c }: { readonly examples: Examples; readonly configuration: Configuration },
): NetworkObjective {
  const rng = seeded(c.seed).fork(size);
  return async (settings, { signal, onProgress } = {}) => {
    const started = performance.now();
    const plan = { size, settings, side: examples.train.side, classes, channelsScale: c.channelsScale };
    try {
      const net = network(tf, plan, rng.fork('weights'));
      try {
        const { best, history, ended } = await train(tf, net, {
          ...c,
          train: examples.train,
          validation: examples.validation[size],
          scale: examples.scale,
          learningRate: settings.learningRate,
          rng: rng.fork('training'),
          signal,
          onProgress,
        });
        return {
          state: 'complete',
          value: best.error,
          metrics: {
            loss: best.loss,
            epochs: history.length,
            diverged: ended === 'diverged' ? 1 : 0,
            seconds: (performance.now() - started) / 1000,
          },
        };
      } finally {
        net.dispose();
      }
    } catch (error) {
      if (error instanceof ImpossibleShapeError) return { state: 'failed', reason: error.message };
      throw error;
    }
  };
}
