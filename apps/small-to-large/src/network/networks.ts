import type { Rng } from '@foothold/core';
import type { Tensor, Tensor4D, Variable } from '@tensorflow/tfjs-core';
import type { Tf } from './backend.ts';
import { convolution } from './convolution.ts';
import { bias, dense } from './dense.ts';
import { ImpossibleShapeError } from './errors.ts';
import type { Layer, Pass, WeightGradient } from './layer.ts';
import { maxPooling } from './max-pooling.ts';
import { dropout, flatten, rectifier } from './simple-layers.ts';

/** What is tuned, in both networks alike. */
export interface Settings {
  /** Share of activations that training drops, 0.1–1; at 1 the last layer sees nothing. */
  readonly dropout: number;
  /** Step size of gradient descent, 1e-4–10. */
  readonly learningRate: number;
  /** Side of the convolutions' filters, pixels. */
  readonly convolutionKernel: number;
  /** Side of the pooling windows, pixels. */
  readonly poolingKernel: number;
}

export type Size = 'small' | 'large';

export interface Plan {
  readonly size: Size;
  readonly settings: Settings;
  /** Side of the square input images, pixels. */
  readonly side: number;
  readonly classes: number;
  /** Factor on the channels of all hidden layers: 1 is the full network. */
  readonly channelsScale: number;
}

/** A network with its weights. */
export interface Network {
  readonly variables: readonly Variable[];
  /** Logits, b×classes, of images b×side×side×1, and the way back to the weights; with `dropout` as in training. */
  forward(images: Tensor4D, dropout?: Rng): { readonly y: Tensor; gradients(dy: Tensor): WeightGradient[] };
  /** Frees the weights. */
  dispose(): void;
}

const channelsOf = {
  small: { convolutions: [64], merge: 32, hidden: undefined },
  large: { convolutions: [32, 64], merge: undefined, hidden: 128 },
} as const;

/**
 * Channels of each layer and the side of the map that is left for the dense ones.
 * Throws ImpossibleShapeError where a window does not fit what the layers before it leave.
 */
export function shapesOf({ size, settings, side, channelsScale }: Plan) {
  const scaled = (channels: number) => Math.max(1, Math.round(channels * channelsScale));
  const { convolutions, merge, hidden } = channelsOf[size];
  const ordinal = (i: number) => (convolutions.length > 1 ? `${['first', 'second'][i]} ` : '');
  let left = side;
  for (const i of convolutions.keys()) {
    if (settings.convolutionKernel > left)
      throw new ImpossibleShapeError(`${ordinal(i)}convolution`, left, settings.convolutionKernel);
    left -= settings.convolutionKernel - 1;
    if (settings.poolingKernel > left)
      throw new ImpossibleShapeError(`${ordinal(i)}pooling`, left, settings.poolingKernel);
    left = Math.floor(left / settings.poolingKernel);
  }
  return {
    convolutions: convolutions.map(scaled),
    merge: merge && scaled(merge),
    hidden: hidden && scaled(hidden),
    left,
  };
}

/**
 * A network with fresh weights drawn from `rng`: uniform of variance 2 / fan-in (He et al. 2015), biases 0.
 *
 * Small: convolution of 64 channels, pooling, 1×1 merge to 32, dropout, dense. Large: two convolutions (32, 64), each
 * with pooling, dense 128, dropout, dense. No padding, rectified after each step; throws ImpossibleShapeError.
 */
export function network(tf: Tf, plan: Plan, rng: Rng): Network {
  const shapes = shapesOf(plan);
  const { convolutionKernel: n, poolingKernel, dropout: rate } = plan.settings;
  const weights = (name: string, shape: number[]) => initialWeights(tf, shape, rng.fork(name));
  const zeros = (m: number) => tf.tidy(() => tf.variable(tf.zeros([m])));
  const layers: Layer[] = [];
  let channels = 1;
  for (const [i, m] of shapes.convolutions.entries()) {
    const filter = weights(`convolution ${i}`, [n, n, channels, m]);
    // A bias and a rectifier commute with a maximum: after the pooling there is less left to work on.
    layers.push(
      convolution(tf, filter, i === 0 ? 'data' : 'activations'),
      maxPooling(tf, poolingKernel),
      bias(tf, zeros(m)),
      rectifier(tf),
    );
    channels = m;
  }
  if (shapes.merge) {
    const filter = weights('merge', [1, 1, channels, shapes.merge]);
    layers.push(convolution(tf, filter, 'activations'), bias(tf, zeros(shapes.merge)), rectifier(tf));
    channels = shapes.merge;
  }
  layers.push(flatten(tf));
  let features = shapes.left * shapes.left * channels;
  if (shapes.hidden) {
    layers.push(
      dense(tf, weights('hidden', [features, shapes.hidden])),
      bias(tf, zeros(shapes.hidden)),
      rectifier(tf),
    );
    features = shapes.hidden;
  }
  layers.push(
    dropout(tf, rate),
    dense(tf, weights('output', [features, plan.classes])),
    bias(tf, zeros(plan.classes)),
  );
  return chain(layers);
}

/** Layers one after the other. */
function chain(layers: readonly Layer[]): Network {
  const variables = layers.flatMap((layer) => layer.variables);
  return {
    variables,
    forward(images, rng) {
      const passes: Pass[] = [];
      let y: Tensor = images;
      for (const layer of layers) {
        const pass = layer.forward(y, rng);
        passes.push(pass);
        y = pass.y;
      }
      return {
        y,
        gradients(dy) {
          const all: WeightGradient[] = [];
          let back: Tensor | undefined = dy;
          for (const pass of passes.toReversed()) {
            if (!back) break;
            const { dx, gradients } = pass.pull(back);
            all.push(...gradients);
            back = dx;
          }
          return all;
        },
      };
    },
    dispose() {
      for (const v of variables) v.dispose();
    },
  };
}

function initialWeights(tf: Tf, shape: number[], rng: Rng): Variable {
  const fanIn = shape.slice(0, -1).reduce((a, b) => a * b, 1);
  const bound = Math.sqrt(6 / fanIn);
  const values = new Float32Array(fanIn * shape.at(-1)!);
  for (let i = 0; i < values.length; i++) values[i] = (2 * rng.next() - 1) * bound;
  return tf.tidy(() => tf.variable(tf.tensor(values, shape)));
}
