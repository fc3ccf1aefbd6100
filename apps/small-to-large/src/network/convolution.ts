/**
 * A convolution whose gradients are convolutions too, so that it trains where tfjs has no gradient kernel (WASM).
 *
 * x  images, b×h×w×c        k  filter, n×n×c×m        y = x ⋆ k (valid, stride 1), b×p×q×m with p = h − n + 1
 *
 * ∂/∂k [i, j, c, m] = Σ x[b, p+i, q+j, c] · dy[b, p, q, m]   sums over b, p and q: a convolution of x, its batch read
 *                     as channels and its channels as batch, with dy as a p×q filter;
 * ∂/∂x = dy, padded by n − 1, convolved with k turned by 180° and its channels swapped.
 *
 * Both run on the backend's forward kernel (XNNPACK's indirect product on WASM, about 16 G multiply-adds a second, where
 * patches × matrix reaches 1.5 to 5 and writes the patches down; measured on one core).
 */
import type { Tensor2D, Tensor4D, Variable } from '@tensorflow/tfjs-core';
import type { Tf } from './backend.ts';
import type { Layer } from './layer.ts';

/** True where tfjs brings fast gradient kernels of its own: TensorFlow's under tfjs-node. */
export const hasNativeGradients = (tf: Tf) => tf.getBackend() === 'tensorflow';

/** x ⋆ filter: b×h×w×c → b×(h−n+1)×(w−n+1)×m. Layers that see data, not activations, save the gradient of their input. */
export function convolution(tf: Tf, filter: Variable, input: 'data' | 'activations'): Layer {
  const kernel = filter as unknown as Tensor4D;
  return {
    variables: [filter],
    forward: (x) => ({
      y: tf.conv2d(x as Tensor4D, kernel, 1, 'valid'),
      pull: (dy) => {
        const gradients = [{ weights: filter, gradient: filterGradient(tf, x as Tensor4D, dy as Tensor4D) }];
        return input === 'data'
          ? { gradients }
          : { dx: inputGradient(tf, kernel, dy as Tensor4D), gradients };
      },
    }),
  };
}

/** ∂/∂filter of Σ dy · (x ⋆ filter): x b×h×w×c, dy b×p×q×m → n×n×c×m with n = h − p + 1. */
export function filterGradient(tf: Tf, x: Tensor4D, dy: Tensor4D): Tensor4D {
  const [b, p, q, m] = dy.shape;
  const channels = x.shape[3];
  const n = x.shape[1] - p + 1;
  if (hasNativeGradients(tf))
    return tf.engine().runKernel(tf.Conv2DBackpropFilter, { x, dy }, {
      strides: [1, 1],
      pad: 'valid',
      dataFormat: 'NHWC',
      filterShape: [n, n, channels, m],
    } as never) as Tensor4D;
  return tf.tidy(() => {
    if (n === 1) {
      // One product over all pixels.
      const pixels = tf.reshape(x, [b * p * q, channels]) as Tensor2D;
      const product = tf.matMul(tf.transpose(pixels), tf.reshape(dy, [b * p * q, m]) as Tensor2D);
      return tf.reshape(product, [1, 1, channels, m]);
    }
    const batchAsChannels = tf.transpose(x, [3, 1, 2, 0]);
    const window = tf.transpose(dy, [1, 2, 0, 3]);
    return tf.transpose(tf.conv2d(batchAsChannels, window, 1, 'valid'), [1, 2, 0, 3]);
  });
}

/** ∂/∂x of Σ dy · (x ⋆ filter): filter n×n×c×m, dy b×p×q×m → b×(p+n−1)×(q+n−1)×c. */
export function inputGradient(tf: Tf, filter: Tensor4D, dy: Tensor4D): Tensor4D {
  const [n, , channels] = filter.shape;
  const [b, p, q] = dy.shape;
  if (hasNativeGradients(tf))
    return tf.conv2dTranspose(dy, filter, [b, p + n - 1, q + n - 1, channels], 1, 'valid');
  return tf.tidy(() => {
    const turned = tf.transpose(tf.reverse(filter, [0, 1]), [0, 1, 3, 2]);
    const border: [number, number] = [n - 1, n - 1];
    return tf.conv2d(dy, turned, 1, n === 1 ? 'valid' : [[0, 0], border, border, [0, 0]]);
  });
}
