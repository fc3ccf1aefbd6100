import type { Rng } from '@foothold/core';
import type { Tf } from './backend.ts';
import type { Layer } from './layer.ts';

/** max(x, 0), its derivative at 0 taken as 0. */
export function rectifier(tf: Tf): Layer {
  return {
    variables: [],
    forward: (x) => {
      const y = tf.relu(x);
      return { y, pull: (dy) => ({ dx: tf.mul(dy, tf.step(y)), gradients: [] }) };
    },
  };
}

/** b×h×w×c → b×(h·w·c). */
export function flatten(tf: Tf): Layer {
  return {
    variables: [],
    forward: (x) => {
      const [images] = x.shape as [number];
      return {
        y: tf.reshape(x, [images, x.size / images]),
        pull: (dy) => ({ dx: tf.reshape(dy, x.shape), gradients: [] }),
      };
    },
  };
}

/**
 * In training each value is dropped with probability `rate`, and those that stay are scaled by 1 / (1 − rate), so that
 * the mean stays; at rate 1 all are dropped. Elsewhere x itself.
 */
export function dropout(tf: Tf, rate: number): Layer {
  const keep = rate < 1 ? 1 / (1 - rate) : 0;
  return {
    variables: [],
    forward: (x, rng) => {
      if (!rng) return { y: x, pull: (dy) => ({ dx: dy, gradients: [] }) };
      const mask = tf.tensor(dropoutMask(x.size, { rate, keep, rng }), x.shape);
      return { y: tf.mul(x, mask), pull: (dy) => ({ dx: tf.mul(dy, mask), gradients: [] }) };
    },
  };
}

/** `keep` or, with probability `rate`, 0. From one draw of `rng` by xorshift32 (Marsaglia 2003): ten times faster than a draw each. */
export function dropoutMask(
  size: number,
  { rate, keep, rng }: { readonly rate: number; readonly keep: number; readonly rng: Rng },
): Float32Array {
  const mask = new Float32Array(size);
  const limit = rate * 2 ** 32;
  let state = 1 + Math.floor(rng.next() * (2 ** 32 - 1));
  for (let i = 0; i < size; i++) {
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    mask[i] = state >>> 0 < limit ? 0 : keep;
  }
  return mask;
}
