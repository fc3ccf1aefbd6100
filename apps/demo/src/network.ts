/**
 * A network with one hidden layer of rectified linear units and a softmax over ten classes.
 *
 * Its weights lie in one array: hidden layer (input × hidden), its biases, output layer (class × hidden), its biases.
 */
import type { Rng } from '@foothold/core';
import type { Digits } from './digits.ts';
import { grid, plainImage } from './distortion.ts';

export const inputs = grid * grid;
const classes = 10;

export interface Network {
  readonly hidden: number;
  readonly weights: Float64Array;
}

/** What one image makes of the network: the units' outputs and the classes' probabilities. */
export interface Activations {
  readonly input: Float64Array;
  /** Positions of the inputs that are not 0, as `forward` lists them: most of an image is empty. */
  readonly nonzero: { readonly positions: Int32Array; count: number };
  readonly hidden: Float64Array;
  /** Derivatives by the units' sums, which `backward` fills. */
  readonly dHidden: Float64Array;
  readonly probabilities: Float64Array;
}

function layout(hidden: number) {
  const bias1 = inputs * hidden;
  const weights2 = bias1 + hidden;
  const bias2 = weights2 + classes * hidden;
  return { bias1, weights2, bias2, size: bias2 + classes };
}

/** Random normal weights (He et al. 2015: variance 2 / inputs, of which about 60 are not 0), biases 0. */
export function initialNetwork(hidden: number, rng: Rng): Network {
  const { bias1, weights2, bias2, size } = layout(hidden);
  const weights = new Float64Array(size);
  for (let i = 0; i < bias1; i++) weights[i] = Math.sqrt(2 / 60) * normal(rng);
  for (let i = weights2; i < bias2; i++) weights[i] = Math.sqrt(1 / hidden) * normal(rng);
  return { hidden, weights };
}

export function activations(hidden: number): Activations {
  return {
    input: new Float64Array(inputs),
    nonzero: { positions: new Int32Array(inputs), count: 0 },
    hidden: new Float64Array(hidden),
    dHidden: new Float64Array(hidden),
    probabilities: new Float64Array(classes),
  };
}

/** Fills `hidden` and `probabilities` from `input`; `mask` is a factor on each hidden unit, for dropout. */
export function forward({ hidden: units, weights: w }: Network, to: Activations, mask?: Float64Array): void {
  const { input, hidden, probabilities } = to;
  const { bias1, weights2, bias2 } = layout(units);
  for (let j = 0; j < units; j++) hidden[j] = w[bias1 + j]!;
  const { positions, count } = listNonzero(to);
  let k = 0;
  // Four inputs at a time: a unit's sum is read and written once for the four.
  for (; k + 4 <= count; k += 4) {
    const [i0, i1, i2, i3] = [positions[k]!, positions[k + 1]!, positions[k + 2]!, positions[k + 3]!];
    const [x0, x1, x2, x3] = [input[i0]!, input[i1]!, input[i2]!, input[i3]!];
    const [at0, at1, at2, at3] = [i0 * units, i1 * units, i2 * units, i3 * units];
    for (let j = 0; j < units; j++)
      hidden[j]! += x0 * w[at0 + j]! + x1 * w[at1 + j]! + (x2 * w[at2 + j]! + x3 * w[at3 + j]!);
  }
  for (; k < count; k++) {
    const x = input[positions[k]!]!;
    for (let j = 0, at = positions[k]! * units; j < units; j++, at++) hidden[j]! += x * w[at]!;
  }
  for (let j = 0; j < units; j++) hidden[j] = hidden[j]! > 0 ? hidden[j]! * (mask ? mask[j]! : 1) : 0;
  let largest = -Infinity;
  for (let c = 0; c < classes; c++) {
    let z = w[bias2 + c]!;
    for (let j = 0, at = weights2 + c * units; j < units; j++, at++) z += w[at]! * hidden[j]!;
    probabilities[c] = z;
    largest = Math.max(largest, z);
  }
  let sum = 0;
  for (let c = 0; c < classes; c++) sum += probabilities[c] = Math.exp(probabilities[c]! - largest);
  for (let c = 0; c < classes; c++) probabilities[c]! /= sum;
}

function listNonzero({ input, nonzero }: Activations): Activations['nonzero'] {
  let count = 0;
  for (let i = 0; i < inputs; i++) if (input[i] !== 0) nonzero.positions[count++] = i;
  nonzero.count = count;
  return nonzero;
}

/** Adds to `gradient` the derivatives of `weight` times the log loss of the image that `forward` has just seen. */
export function backward(
  { hidden: units, weights: w }: Network,
  { input, nonzero, hidden, dHidden, probabilities }: Activations,
  image: {
    readonly label: number;
    readonly weight: number;
    readonly mask: Float64Array;
    readonly gradient: Float64Array;
  },
): void {
  const { bias1, weights2, bias2 } = layout(units);
  const { label, weight, mask, gradient } = image;
  dHidden.fill(0);
  for (let c = 0; c < classes; c++) {
    const d = weight * (probabilities[c]! - (c === label ? 1 : 0));
    gradient[bias2 + c]! += d;
    for (let j = 0, at = weights2 + c * units; j < units; j++, at++) {
      gradient[at]! += d * hidden[j]!;
      dHidden[j]! += d * w[at]!;
    }
  }
  for (let j = 0; j < units; j++) {
    dHidden[j]! *= hidden[j] === 0 ? 0 : mask[j]!;
    gradient[bias1 + j]! += dHidden[j]!;
  }
  const { positions, count } = nonzero;
  for (let k = 0; k < count; k++) {
    const x = input[positions[k]!]!;
    for (let j = 0, at = positions[k]! * units; j < units; j++, at++) gradient[at]! += x * dHidden[j]!;
  }
}

/** Share of the digits for which another class than theirs has the largest probability. */
export function misread(network: Network, { labels, pixels }: Digits): number {
  const to = activations(network.hidden);
  let wrong = 0;
  for (let i = 0; i < labels.length; i++) {
    plainImage(pixels, i, to.input);
    forward(network, to);
    let best = 0;
    for (let c = 1; c < classes; c++) if (to.probabilities[c]! > to.probabilities[best]!) best = c;
    if (best !== labels[i]) wrong++;
  }
  return wrong / labels.length;
}

function normal(rng: Rng): number {
  return Math.sqrt(-2 * Math.log(1 - rng.next())) * Math.cos(2 * Math.PI * rng.next());
}
