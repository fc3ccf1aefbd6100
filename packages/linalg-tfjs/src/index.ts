export { loadTfjs, type TfjsBuild } from './load-tfjs.ts';
export type { TensorFlowLike, TensorLike } from './tensorflow.ts';
export { type TfjsOptions, tfjs } from './tfjs.ts';
