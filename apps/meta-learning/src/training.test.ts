import { loadBackend } from '@foothold/app-small-to-large/backend';
import { crossEntropy } from '@foothold/app-small-to-large/cross-entropy';
import { seeded } from '@foothold/core';
import { describe, expect, it } from 'vitest';
import { accuracy } from './metrics/accuracy.ts';
import { network } from './network.ts';
import { blobs } from './task.fixture.ts';
import { type TrainingOptions, train } from './training.ts';

const tf = await loadBackend('wasm');
const settings = { learningRate: 0.05, batchSize: 16, epochs: 12, dropout: 0.1, width: 8 } as const;
const options: TrainingOptions = { settings, rng: seeded(3), patience: 5, plateau: 1 };

describe('training', () => {
  it('learns to classify clouds of points', async () => {
    const { test, losses, ended } = await train(tf, blobs({ seed: 1 }), options);
    expect(ended).toBe('all epochs');
    expect(Math.min(...losses)).toBeLessThan(0.2);
    expect(accuracy(test)).toBeGreaterThan(0.95);
  });
  it('is the same for the same seed, and another for another', async () => {
    const task = blobs({ seed: 1 });
    const first = await train(tf, task, options);
    expect((await train(tf, task, options)).losses).toEqual(first.losses);
    expect((await train(tf, task, { ...options, rng: seeded(4) })).losses).not.toEqual(first.losses);
  });
  it('of labels without meaning stops early, lowers the rate first, and keeps the epoch of the lowest loss', async () => {
    const task = blobs({ seed: 2, meaningless: true });
    const { losses, rates, ended, validation } = await train(tf, task, {
      ...options,
      settings: { ...settings, epochs: 60 },
      rng: seeded(5),
    });
    expect(ended).toBe('no better for a while');
    expect(losses.indexOf(Math.min(...losses))).toBe(losses.length - 1 - options.patience);
    expect(rates.at(-1)).toBeLessThan(settings.learningRate);
    const logits = Float64Array.from(validation.probabilities, Math.log);
    expect(crossEntropy(Float32Array.from(logits), validation.labels).loss).toBeCloseTo(
      Math.min(...losses),
      5,
    );
  });
  it('that diverges before an epoch is over counts as guessing', async () => {
    const { validation, ended } = await train(tf, blobs({ seed: 1, spread: 1e18 }), {
      ...options,
      settings: { ...settings, learningRate: 1e30 },
    });
    expect(ended).toBe('diverged');
    expect(new Set(validation.probabilities)).toEqual(new Set([1 / 3]));
  });
  it('leaves no tensor behind', async () => {
    const before = tf.memory().numTensors;
    await train(tf, blobs({ seed: 1 }), options);
    expect(tf.memory().numTensors).toBe(before);
  });
  it('stops with the reason of the signal', async () => {
    const signal = AbortSignal.abort(new Error('enough'));
    await expect(train(tf, blobs({ seed: 1 }), { ...options, signal })).rejects.toThrow('enough');
  });
});

describe('the network', () => {
  it('has the gradients of its loss by central difference', () => {
    const x = tf.tensor2d([0.3, -1.2, 0.8, 0.1, 1.4, -0.6], [2, 3]);
    const labels = Uint8Array.of(1, 0);
    const net = network(tf, { inputs: 3, width: 4, classes: 2, dropout: 0, rng: seeded(6) });
    const lossNow = () => crossEntropy(net.forward(x).y.dataSync<'float32'>(), labels).loss;
    const { y, gradients } = net.forward(x);
    const { dLogits } = crossEntropy(y.dataSync<'float32'>(), labels);
    const all = gradients(tf.tensor(dLogits, y.shape));
    expect(all).toHaveLength(4);
    for (const { weights, gradient } of all) {
      const values = weights.dataSync<'float32'>().slice();
      const step = 1e-2;
      for (let i = 0; i < values.length; i++) {
        const shifted = (by: number) => {
          const moved = values.map((v, j) => (j === i ? v + by : v));
          weights.assign(tf.tensor(moved, weights.shape) as never);
          return lossNow();
        };
        const slope = (shifted(step) - shifted(-step)) / (2 * step);
        // float32 logits: errors of 1e-7 over a step of 1e-2, and a curvature of order step².
        expect(gradient.dataSync<'float32'>()[i]).toBeCloseTo(slope, 3);
      }
      weights.assign(tf.tensor(values, weights.shape) as never);
    }
    net.dispose();
  });
});
