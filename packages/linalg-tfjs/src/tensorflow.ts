/** A tensor of any TensorFlow.js build, as far as this backend needs it. */
export interface TensorLike {
  data(): Promise<ArrayLike<number>>;
  dispose(): void;
}

/** What this backend uses of TensorFlow.js 4: every build (tfjs, tfjs-core with a backend, tfjs-node, tfjs-node-gpu) has it. */
export interface TensorFlowLike {
  ready(): Promise<void>;
  getBackend(): string;
  tensor2d(values: Float32Array, shape: [number, number], dtype?: 'float32'): TensorLike;
  matMul(a: never, b: never, transposeA?: boolean, transposeB?: boolean): TensorLike;
  sub(a: never, b: never): TensorLike;
  slice(x: never, begin: [number, number], size: [number, number]): TensorLike;
}
