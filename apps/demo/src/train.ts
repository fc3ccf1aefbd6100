import { type Rng, seeded } from '@foothold/core';
import type { Digits } from './digits.ts';
import { type Distortion, distortedImage } from './distortion.ts';
import { activations, backward, forward, initialNetwork, type Network } from './network.ts';

export interface TrainingParams extends Distortion {
  readonly learningRate: number;
  /** Share of the learning rate that is left at the end; it falls along half a cosine. */
  readonly finalRate: number;
  /** Images a step. */
  readonly batchSize: number;
  /** What a step takes from each weight, as a share of it and of the learning rate. */
  readonly weightDecay: number;
  /** Share of the hidden units that a training image does without. */
  readonly dropout: number;
}

/** Hidden units, and how often each image is seen. */
export interface TrainingSize {
  readonly hidden: number;
  readonly epochs: number;
}

/** A network trained by Adam with decoupled weight decay (Loshchilov and Hutter 2019); the same for the same arguments. */
export function train(digits: Digits, params: TrainingParams, { hidden, epochs }: TrainingSize): Network {
  const rng = seeded('training 0');
  const network = initialNetwork(hidden, rng);
  const gradient = new Float64Array(network.weights.length);
  const step = adam(network.weights, params.weightDecay);
  const to = activations(hidden);
  const mask = new Float64Array(hidden).fill(1);
  const count = digits.labels.length;
  const order = Uint32Array.from({ length: count }, (_, i) => i);
  const batch = Math.min(params.batchSize, count);
  const steps = epochs * Math.ceil(count / batch);
  let done = 0;
  for (let epoch = 0; epoch < epochs; epoch++) {
    shuffle(order, rng);
    for (let start = 0; start < count; start += batch) {
      const images = order.subarray(start, start + batch);
      gradient.fill(0);
      for (const image of images) {
        distortedImage(digits.pixels, image, { ...params, out: to.input, rng });
        if (params.dropout > 0) dropUnits(mask, params.dropout, rng);
        forward(network, to, mask);
        backward(network, to, { label: digits.labels[image]!, weight: 1 / images.length, mask, gradient });
      }
      const left = 0.5 * (1 + Math.cos((Math.PI * done++) / steps));
      step(gradient, params.learningRate * (params.finalRate + (1 - params.finalRate) * left));
    }
  }
  return network;
}

/** Steps that change `weights` in place (Kingma and Ba 2015, algorithm 1, with its usual decay rates). */
function adam(weights: Float64Array, weightDecay: number): (gradient: Float64Array, rate: number) => void {
  const [decay1, decay2] = [0.9, 0.999];
  const mean = new Float64Array(weights.length);
  const square = new Float64Array(weights.length);
  let count = 0;
  return (gradient, rate) => {
    count++;
    const scale = rate / (1 - decay1 ** count);
    const correction = 1 / (1 - decay2 ** count);
    const keep = 1 - rate * weightDecay;
    for (let i = 0; i < weights.length; i++) {
      const g = gradient[i]!;
      mean[i] = decay1 * mean[i]! + (1 - decay1) * g;
      square[i] = decay2 * square[i]! + (1 - decay2) * g * g;
      weights[i] = keep * weights[i]! - (scale * mean[i]!) / (Math.sqrt(square[i]! * correction) + 1e-8);
    }
  };
}

/** Sets each factor to 0 with this probability, else to what keeps the mean; one random number has 16 bits for each of three. */
function dropUnits(mask: Float64Array, dropout: number, rng: Rng): void {
  const keep = 1 / (1 - dropout);
  const limit = dropout * 65536;
  for (let j = 0; j < mask.length; ) {
    let bits = rng.next();
    for (let part = 0; part < 3 && j < mask.length; part++, j++) {
      bits *= 65536;
      const whole = bits | 0;
      mask[j] = whole < limit ? 0 : keep;
      bits -= whole;
    }
  }
}

function shuffle(order: Uint32Array, rng: Rng): void {
  for (let i = order.length - 1; i > 0; i--) {
    const j = Math.floor(rng.next() * (i + 1));
    const t = order[i]!;
    order[i] = order[j]!;
    order[j] = t;
  }
}
