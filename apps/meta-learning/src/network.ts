import type { Tf } from '@foothold/app-small-to-large/backend';
import { bias, dense } from '@foothold/app-small-to-large/dense';
import type { Pass, WeightGradient } from '@foothold/app-small-to-large/layer';
import { dropout, rectifier } from '@foothold/app-small-to-large/simple-layers';
import type { Rng } from '@foothold/core';
import type { Tensor, Tensor2D } from '@tensorflow/tfjs-core';

export interface Network {
  /** Logits b×classes of inputs b×pixels, and the way back from ∂loss/∂logits to the weights; with `rng` as in training. */
  forward(x: Tensor2D, rng?: Rng): { readonly y: Tensor; gradients(dy: Tensor): readonly WeightGradient[] };
  /** Frees the weights. */
  dispose(): void;
}

export interface NetworkOptions {
  readonly inputs: number;
  /** Units of the hidden layer. */
  readonly width: number;
  readonly classes: number;
  /** Share of hidden units that training drops, 0–1. */
  readonly dropout: number;
  /** Draws the initial weights. */
  readonly rng: Rng;
}

/**
 * inputs → dense → max(·, 0) → dropout → dense → logits.
 *
 * Weights start uniform with variance 2 / (number of inputs of the layer) (He et al. 2015, "Delving Deep into
 * Rectifiers", eq. 10), biases at 0.
 */
export function network(tf: Tf, options: NetworkOptions): Network {
  const { inputs, width, classes, rng } = options;
  const weights = (from: number, to: number, stream: Rng) => {
    const limit = Math.sqrt(6 / from);
    const values = Float32Array.from({ length: from * to }, () => limit * (2 * stream.next() - 1));
    return tf.tidy(() => tf.variable(tf.tensor2d(values, [from, to])));
  };
  const zeros = (size: number) => tf.tidy(() => tf.variable(tf.zeros([size])));
  const layers = [
    dense(tf, weights(inputs, width, rng.fork('hidden'))),
    bias(tf, zeros(width)),
    rectifier(tf),
    dropout(tf, options.dropout),
    dense(tf, weights(width, classes, rng.fork('output'))),
    bias(tf, zeros(classes)),
  ];
  return {
    forward(x, stream) {
      let y: Tensor = x;
      const passes: Pass[] = [];
      for (const layer of layers) {
        const pass = layer.forward(y, stream);
        passes.push(pass);
        y = pass.y;
      }
      return {
        y,
        gradients(dy) {
          const all: WeightGradient[] = [];
          let flow: Tensor | undefined = dy;
          for (const pass of passes.toReversed()) {
            if (!flow) break;
            const { dx, gradients } = pass.pull(flow);
            all.push(...gradients);
            flow = dx;
          }
          return all;
        },
      };
    },
    dispose() {
      for (const layer of layers) for (const variable of layer.variables) variable.dispose();
    },
  };
}
