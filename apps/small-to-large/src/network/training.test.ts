import { seeded } from '@foothold/core';
import { beforeAll, describe, expect, it } from 'vitest';
import type { LabelledImages } from '../data/fashion-mnist.ts';
import { readImages } from '../data/fashion-mnist.ts';
import { scaleOf, subset } from '../data/sampling.ts';
import { itWithData, sharedImages } from '../shared-data.ts';
import { loadBackend, type Tf } from './backend.ts';
import { network, type Plan, type Size } from './networks.ts';
import { type TrainingOptions, train } from './training.ts';

let tf: Tf;
beforeAll(async () => {
  tf = await loadBackend('wasm');
});

/** Images that a network can learn: class c has a bright row c. */
function stripes(count: number, seed: number): LabelledImages {
  const rng = seeded(seed);
  const side = 12;
  const labels = Uint8Array.from({ length: count }, (_, i) => i % 10);
  const pixels = new Uint8Array(count * side * side);
  for (let i = 0; i < pixels.length; i++) {
    const row = Math.floor((i % (side * side)) / side);
    const bright = row === labels[Math.floor(i / (side * side))]! + 1;
    pixels[i] = Math.floor((bright ? 200 : 0) + 50 * rng.next());
  }
  return { count, side, pixels, labels };
}

const plan = (size: Size, side: number): Plan => ({
  size,
  settings: { dropout: 0.2, learningRate: 0.01, convolutionKernel: 3, poolingKernel: 2 },
  side,
  classes: 10,
  channelsScale: 0.25,
});

async function trained(size: Size, options: Partial<TrainingOptions> = {}) {
  const images = stripes(200, 1);
  const net = network(tf, plan(size, images.side), seeded(11));
  try {
    return await train(tf, net, {
      train: images,
      validation: stripes(60, 2),
      learningRate: 0.01,
      epochs: 4,
      batch: 32,
      patience: 5,
      scale: scaleOf(images),
      rng: seeded(12),
      ...options,
    });
  } finally {
    net.dispose();
  }
}

describe('training', () => {
  it.each(['small', 'large'] as const)(
    'teaches the %s network to classify ten kinds of stripes',
    async (size) => {
      const { best, history, ended } = await trained(size);
      expect(ended).toBe('all epochs');
      expect(history).toHaveLength(4);
      expect(best.error).toBeLessThan(0.1);
    },
  );

  it.each(['small', 'large'] as const)(
    'of the %s network repeats itself to the bit for the same seed',
    async (size) => {
      const [first, second] = [await trained(size), await trained(size)];
      expect(second).toEqual(first);
      expect((await trained(size, { rng: seeded(13) })).history).not.toEqual(first.history);
    },
  );

  it('leaves no tensor behind, however many steps it takes', async () => {
    await trained('large', { epochs: 1 });
    const before = tf.memory().numTensors;
    await trained('large', { epochs: 1 });
    await trained('small', { epochs: 3 });
    expect(tf.memory().numTensors).toBe(before);
  });

  it('holds no more tensors after the tenth epoch than after the first', async () => {
    const counts: number[] = [];
    await trained('small', {
      epochs: 10,
      patience: 20,
      onProgress: ({ validation }) => validation && counts.push(tf.memory().numTensors),
    });
    expect(counts).toHaveLength(10);
    expect(new Set(counts).size).toBe(1);
  });

  it('ends as diverged, with the score of chance, when the loss is no longer finite', async () => {
    const { ended, best } = await trained('large', { learningRate: 1e30 });
    expect(ended).toBe('diverged');
    expect(best.error).toBe(0.9);
  });

  it('ends early when the validation loss has not fallen for `patience` epochs', async () => {
    const { ended, history } = await trained('small', { learningRate: 5, epochs: 30, patience: 2 });
    expect(ended).toBe('no better for a while');
    const losses = history.map((h) => h.loss);
    expect(losses.length - 1 - losses.indexOf(Math.min(...losses))).toBe(2);
  });

  it('stops with the signal’s reason, and frees what it held', async () => {
    const before = tf.memory().numTensors;
    const controller = new AbortController();
    const run = trained('small', {
      signal: controller.signal,
      onProgress: () => controller.abort(new Error('enough')),
    });
    await expect(run).rejects.toThrow('enough');
    expect(tf.memory().numTensors).toBe(before);
  });

  itWithData('lowers the loss on real images far below guessing in two epochs', async () => {
    const set = await readImages(sharedImages);
    const images = subset(set.train, 600, seeded(1));
    const net = network(tf, { ...plan('small', images.side), channelsScale: 0.5 }, seeded(3));
    const { history } = await train(tf, net, {
      train: images,
      validation: subset(set.test, 200, seeded(2)),
      learningRate: 2e-3,
      epochs: 2,
      batch: 32,
      patience: 5,
      scale: scaleOf(images),
      rng: seeded(4),
    });
    net.dispose();
    expect(history.at(-1)!.loss).toBeLessThan(0.6 * Math.log(10));
    expect(history.at(-1)!.error).toBeLessThan(0.45);
  });
});
