import type { Tensor4D } from '@tensorflow/tfjs-core';
import type { Tf } from './backend.ts';
import { hasNativeGradients } from './convolution.ts';
import type { Layer } from './layer.ts';

/** The largest value of each size×size window, windows side by side: b×h×w×c → b×⌊h/size⌋×⌊w/size⌋×c. */
export function maxPooling(tf: Tf, size: number): Layer {
  return {
    variables: [],
    forward: (x) => {
      if (size === 1) return { y: x, pull: (dy) => ({ dx: dy, gradients: [] }) };
      const y = tf.maxPool(x as Tensor4D, size, size, 'valid');
      return {
        y,
        pull: (dy) => ({
          dx: poolingGradient(tf, { x: x as Tensor4D, y, dy: dy as Tensor4D, size }),
          gradients: [],
        }),
      };
    },
  };
}

/**
 * ∂/∂x of Σ dy · pooled(x), in x's shape.
 *
 * The gradient goes to the first largest element of a window, row by row, as in tfjs's cpu backend; rows and columns
 * beyond the last whole window get none. The loop runs on the host: the WASM backend has no such kernel, and composed
 * of tfjs's operations it costs as much as the convolution beside it.
 */
export function poolingGradient(
  tf: Tf,
  { x, y, dy, size }: { x: Tensor4D; y: Tensor4D; dy: Tensor4D; size: number },
): Tensor4D {
  if (hasNativeGradients(tf))
    return tf.engine().runKernel(tf.MaxPoolGrad, { dy, input: x, output: y }, {
      filterSize: size,
      strides: size,
      pad: 'valid',
    } as never);
  const shape = x.shape;
  return tf.tensor4d(
    scatterToMaxima(x.dataSync<'float32'>(), dy.dataSync<'float32'>(), { shape, size }),
    shape,
  );
}

/** dy, one value a window, written to the place of each window's first maximum in an array of x's shape (b×h×w×c). */
function scatterToMaxima(
  x: Float32Array,
  dy: Float32Array,
  { shape, size }: { shape: readonly [number, number, number, number]; size: number },
): Float32Array {
  const [images, height, width, channels] = shape;
  const rows = Math.floor(height / size);
  const columns = Math.floor(width / size);
  const row = width * channels;
  const out = new Float32Array(x.length);
  let window = 0;
  for (let b = 0; b < images; b++)
    for (let i = 0; i < rows; i++)
      for (let j = 0; j < columns; j++) {
        const corner = (b * height + i * size) * row + j * size * channels;
        for (let c = 0; c < channels; c++) {
          let at = corner + c;
          let largest = x[at]!;
          for (let di = 0; di < size; di++) {
            let place = corner + di * row + c;
            for (let dj = 0; dj < size; dj++, place += channels)
              if (x[place]! > largest) {
                largest = x[place]!;
                at = place;
              }
          }
          out[at] = dy[window++]!;
        }
      }
  return out;
}
