import { seeded } from '@foothold/core';
import type { Tensor, Tensor4D } from '@tensorflow/tfjs-core';
import { beforeAll, describe, expect, it } from 'vitest';
import { loadBackend, type Tf } from './backend.ts';
import { convolution, filterGradient, inputGradient } from './convolution.ts';
import { dense } from './dense.ts';
import { poolingGradient } from './max-pooling.ts';

type Shape4 = [number, number, number, number];

/** float32: sums of up to a few thousand products of numbers near 1. */
const tolerance = 2e-4;

let tf: Tf;

/** Seeded numbers in [−1, 1); `levels` makes them multiples of 1/levels, so that ties occur. */
function values(key: string, size: number, levels?: number): Float32Array {
  const rng = seeded(key);
  return Float32Array.from({ length: size }, () => {
    const v = 2 * rng.next() - 1;
    return levels ? Math.round(v * levels) / levels : v;
  });
}
const size = (shape: readonly number[]) => shape.reduce((a, b) => a * b, 1);

function worst(a: Float32Array, b: Float32Array): number {
  expect(a.length).toBe(b.length);
  return a.reduce((m, v, i) => Math.max(m, Math.abs(v - b[i]!)), 0);
}

/** What `compute` makes on a backend, read back. */
async function on(backend: 'wasm' | 'cpu', compute: () => Tensor): Promise<Float32Array> {
  await tf.setBackend(backend);
  const out = tf.tidy(compute);
  const read = (await out.data<'float32'>()).slice();
  out.dispose();
  return read;
}

beforeAll(async () => {
  await loadBackend('cpu');
  tf = await loadBackend('wasm');
});

// images, side, channels in, filter, channels out
const convolutions: [number, number, number, number, number][] = [
  [1, 1, 1, 1, 1],
  [3, 5, 1, 2, 4],
  [2, 7, 3, 7, 2],
  [4, 6, 5, 1, 3],
  [5, 9, 4, 4, 6],
  [2, 12, 2, 10, 3],
];

describe.each(['wasm', 'cpu'] as const)('on the %s backend', (backend) => {
  describe.each(convolutions)(
    'a convolution of %i images %i² × %i with %i² filters × %i',
    (b, h, c, n, m) => {
      const p = h - n + 1;
      const shapes = { x: [b, h, h, c] as Shape4, k: [n, n, c, m] as Shape4, dy: [b, p, p, m] as Shape4 };
      const tensor = (name: keyof typeof shapes) =>
        tf.tensor4d(values(name, size(shapes[name])), shapes[name]);

      it('equals tfjs’s conv2d on its cpu backend', async () => {
        const ours = await on(backend, () => {
          const filter = tf.variable(tensor('k'));
          const { y } = convolution(tf, filter, 'activations').forward(tensor('x'));
          filter.dispose();
          return y;
        });
        const theirs = await on('cpu', () => tf.conv2d(tensor('x'), tensor('k'), 1, 'valid'));
        expect(worst(ours, theirs)).toBeLessThan(tolerance);
      });

      it('has the filter gradient of tfjs’s Conv2DBackpropFilter', async () => {
        const ours = await on(backend, () => filterGradient(tf, tensor('x'), tensor('dy')));
        const theirs = await on('cpu', () =>
          tf.engine().runKernel(tf.Conv2DBackpropFilter, { x: tensor('x'), dy: tensor('dy') }, {
            strides: [1, 1],
            pad: 'valid',
            dataFormat: 'NHWC',
            filterShape: shapes.k,
          } as never),
        );
        expect(worst(ours, theirs)).toBeLessThan(tolerance);
      });

      it('has the input gradient of tfjs’s transposed convolution', async () => {
        const ours = await on(backend, () => inputGradient(tf, tensor('k'), tensor('dy')));
        const theirs = await on('cpu', () =>
          tf.conv2dTranspose(tensor('dy'), tensor('k'), shapes.x, 1, 'valid'),
        );
        expect(worst(ours, theirs)).toBeLessThan(tolerance);
      });
    },
  );

  it.each([
    [2, 6, 3, 2],
    [3, 7, 2, 2],
    [2, 8, 4, 3],
    [1, 3, 1, 3],
  ])('pooling %i images %i² × %i by %i has tfjs’s gradient, ties included', async (b, h, c, pool) => {
    const shape: Shape4 = [b, h, h, c];
    const q = Math.floor(h / pool);
    const x = () => tf.tensor4d(values('pool', size(shape), 2), shape);
    const dy = () => tf.tensor4d(values('dy', b * q * q * c), [b, q, q, c]);
    const ours = await on(backend, () => {
      const y = tf.maxPool(x(), pool, pool, 'valid');
      return poolingGradient(tf, { x: x(), y, dy: dy(), size: pool });
    });
    const theirs = await on('cpu', () => {
      const output = tf.maxPool(x(), pool, pool, 'valid');
      const attributes = { filterSize: pool, strides: pool, pad: 'valid' };
      return tf
        .engine()
        .runKernel(tf.MaxPoolGrad, { dy: dy(), input: x(), output }, attributes as never) as Tensor4D;
    });
    expect(worst(ours, theirs)).toBe(0);
  });

  it('a product has the gradients of the sums of its entries', async () => {
    await tf.setBackend(backend);
    const weights = tf.variable(tf.tensor2d([1, 2, 3, 4, 5, 6], [3, 2]));
    const { y, pull } = dense(tf, weights).forward(tf.tensor2d([1, 0, -1, 2, 1, 0], [2, 3]));
    expect([...y.dataSync()]).toEqual([-4, -4, 5, 8]);
    const { dx, gradients } = pull(tf.tensor2d([1, 0, 0, 1], [2, 2]));
    expect([...dx!.dataSync()]).toEqual([1, 3, 5, 2, 4, 6]);
    expect([...gradients[0]!.gradient.dataSync()]).toEqual([1, 2, 0, 1, -1, 0]);
    weights.dispose();
  });
});
