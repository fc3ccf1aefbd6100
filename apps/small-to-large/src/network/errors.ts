import { OptimizationError } from '@foothold/core';

/** A layer's window does not fit its input, so these settings describe no network. Fail the trial and go on: do not retry. */
export class ImpossibleShapeError extends OptimizationError {
  static override readonly id: string = 'ImpossibleShapeError';
  /** The layer in words, such as 'second convolution'. */
  readonly layer: string;
  /** Side of the layer's square input, pixels. */
  readonly input: number;
  /** Side of the window that does not fit, pixels. */
  readonly window: number;
  constructor(layer: string, input: number, window: number) {
    super(
      `impossible shape: the ${layer} has a ${window}×${window} window, but its input is ${input}×${input}`,
    );
    this.layer = layer;
    this.input = input;
    this.window = window;
  }
}

/** The compute backend is not installed or does not start. Install it as the message says, or choose another. */
export class BackendError extends OptimizationError {
  static override readonly id: string = 'BackendError';
  readonly backend: string;
  constructor(backend: string, message: string, options?: ErrorOptions) {
    super(`backend ${backend}: ${message}`, options);
    this.backend = backend;
  }
}
