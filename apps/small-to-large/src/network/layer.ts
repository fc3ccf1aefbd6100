import type { Rng } from '@foothold/core';
import type { Tensor, Variable } from '@tensorflow/tfjs-core';

/** A gradient with the weights that it belongs to. */
export interface WeightGradient {
  readonly weights: Variable;
  readonly gradient: Tensor;
}

/** What a layer made of its input, and the way back. */
export interface Pass {
  readonly y: Tensor;
  /** From ∂loss/∂y to ∂loss/∂x (absent from a layer whose input is data) and the gradients of the layer's weights. */
  pull(dy: Tensor): { readonly dx?: Tensor; readonly gradients: readonly WeightGradient[] };
}

/**
 * One step of a network, with its derivative written out: tfjs's tape needs gradient kernels that its WASM backend
 * lacks. Tensors are the caller's to tidy. `dropout` is given in training only.
 */
export interface Layer {
  readonly variables: readonly Variable[];
  forward(x: Tensor, dropout?: Rng): Pass;
}
