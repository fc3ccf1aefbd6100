import { seeded } from '@foothold/core';
import { beforeAll, describe, expect, it } from 'vitest';
import { loadBackend, type Tf } from './backend.ts';
import { crossEntropy } from './cross-entropy.ts';
import { ImpossibleShapeError } from './errors.ts';
import { network, type Plan, type Settings, type Size, shapesOf } from './networks.ts';
import { dropoutMask } from './simple-layers.ts';

const plan = (size: Size, settings: Partial<Settings> = {}): Plan => ({
  size,
  settings: { dropout: 0.5, learningRate: 0.01, convolutionKernel: 3, poolingKernel: 2, ...settings },
  side: 28,
  classes: 10,
  channelsScale: 1,
});

describe('the shape of a network', () => {
  it('is the reference’s: 64 and 32 channels, or 32, 64 and 128', () => {
    expect(shapesOf(plan('small'))).toEqual({ convolutions: [64], merge: 32, hidden: undefined, left: 13 });
    expect(shapesOf(plan('large'))).toEqual({
      convolutions: [32, 64],
      merge: undefined,
      hidden: 128,
      left: 5,
    });
  });

  it('exists for every setting of the small network', () => {
    for (let convolutionKernel = 1; convolutionKernel <= 10; convolutionKernel++)
      for (let poolingKernel = 1; poolingKernel <= 3; poolingKernel++)
        expect(shapesOf(plan('small', { convolutionKernel, poolingKernel })).left).toBeGreaterThan(0);
  });

  it('is refused with the layer, its input and its window where a window does not fit', () => {
    const tooLarge = () => shapesOf(plan('large', { convolutionKernel: 10, poolingKernel: 3 }));
    expect(tooLarge).toThrow(ImpossibleShapeError);
    expect(tooLarge).toThrow('the second convolution has a 10×10 window, but its input is 6×6');
    expect(() => shapesOf(plan('large', { convolutionKernel: 7, poolingKernel: 3 }))).toThrow(
      'the second pooling has a 3×3 window, but its input is 1×1',
    );
  });
});

describe('a network’s gradient', () => {
  let tf: Tf;
  beforeAll(async () => {
    tf = await loadBackend('wasm');
  });

  it.each(['small', 'large'] as const)(
    'of the %s network follows the loss along each weight tensor',
    (size) => {
      const labels = Uint8Array.of(1, 7, 3);
      const pixels = Float32Array.from({ length: 3 * 144 }, (_, i) => Math.sin(i * 1.7));
      const net = network(
        tf,
        { ...plan(size, { convolutionKernel: 3, poolingKernel: 2 }), side: 12, channelsScale: 0.1 },
        seeded(5),
      );
      const run = () => net.forward(tf.tensor4d(pixels, [3, 12, 12, 1]));
      const loss = () => tf.tidy(() => crossEntropy(run().y.dataSync<'float32'>(), labels).loss);
      const gradients = tf.tidy(() => {
        const { y, gradients } = run();
        const { dLogits } = crossEntropy(y.dataSync<'float32'>(), labels);
        return gradients(tf.tensor(dLogits, y.shape)).map(({ weights, gradient }) => ({
          weights,
          gradient: gradient.dataSync<'float32'>().slice(),
        }));
      });
      expect(new Set(gradients.map((g) => g.weights))).toEqual(new Set(net.variables));
      for (const { weights, gradient } of gradients) {
        // Along the gradient's own direction the loss changes by its length; float32 allows a step of about 1e-2.
        const length = Math.hypot(...gradient);
        const start = weights.dataSync<'float32'>().slice();
        const step = 3e-3;
        const at = (t: number) => {
          tf.tidy(() =>
            weights.assign(
              tf.tensor(
                start.map((v, i) => v + (t * gradient[i]!) / length),
                weights.shape,
              ),
            ),
          );
          return loss();
        };
        const slope = (at(step) - at(-step)) / (2 * step);
        at(0);
        expect(length).toBeGreaterThan(0);
        expect(Math.abs(slope - length) / length).toBeLessThan(0.02);
      }
      net.dispose();
    },
  );

  it('keeps the mean of what dropout leaves, and leaves nothing at rate 1', () => {
    const net = (dropout: number) =>
      tf.tidy(() => {
        const made = network(tf, plan('large', { dropout }), seeded(1));
        const logits = made
          .forward(tf.ones([2, 28, 28, 1]), seeded(2))
          .y.dataSync()
          .slice();
        made.dispose();
        return logits;
      });
    expect(net(1).every((z) => z === 0)).toBe(true);
    expect(net(0.5).some((z) => z !== 0)).toBe(true);
  });
});

describe('a dropout mask', () => {
  it.each([0.1, 0.5, 0.9])('drops a share of %d and scales the rest so that the mean stays 1', (rate) => {
    const mask = dropoutMask(100_000, { rate, keep: 1 / (1 - rate), rng: seeded(4) });
    const dropped = mask.filter((m) => m === 0).length / mask.length;
    // Five standard errors.
    expect(Math.abs(dropped - rate)).toBeLessThan(5 * Math.sqrt((rate * (1 - rate)) / mask.length));
    const pairs = mask.filter((m, i) => m === 0 && mask[i - 1] === 0).length / mask.length;
    expect(Math.abs(pairs - rate * rate)).toBeLessThan(0.01);
    expect(dropoutMask(50, { rate, keep: 1, rng: seeded(5) })).not.toEqual(mask.slice(0, 50));
  });
});

describe('cross-entropy', () => {
  it('is ln 10 for equal logits, and its gradient sums to zero over the classes', () => {
    const { loss, dLogits, wrong } = crossEntropy(new Float32Array(20), Uint8Array.of(0, 4));
    expect(loss).toBeCloseTo(Math.log(10), 12);
    expect(wrong).toBe(1);
    expect(dLogits[0]).toBeCloseTo(-0.45, 6);
    expect(dLogits.reduce((a, b) => a + b)).toBeCloseTo(0, 6);
  });

  it('stays finite for logits of ±1e30 and is NaN where one is', () => {
    expect(crossEntropy(Float32Array.of(1e30, -1e30), Uint8Array.of(0)).loss).toBe(0);
    expect(crossEntropy(Float32Array.of(1, Number.NaN), Uint8Array.of(0)).loss).toBeNaN();
  });
});
