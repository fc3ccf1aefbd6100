import { UnsupportedError } from '@foothold/core';
import type { TensorFlowLike } from './tensorflow.ts';
import { type TfjsOptions, tfjs } from './tfjs.ts';

/** The builds of TensorFlow.js that are packages of their own. */
export type TfjsBuild = '@tensorflow/tfjs' | '@tensorflow/tfjs-node' | '@tensorflow/tfjs-node-gpu';

/**
 * Loads a build of TensorFlow.js by name and opens a backend on it. Throws UnsupportedError, with the command that installs
 * it, where it is not installed or does not load on this machine.
 */
export async function loadTfjs(build: TfjsBuild, options?: TfjsOptions) {
  let loaded: { readonly default?: TensorFlowLike } & TensorFlowLike;
  try {
    loaded = await import(build);
  } catch (error) {
    const said = error instanceof Error ? error.message.split('\n')[0] : String(error);
    throw new UnsupportedError(
      `the backend ${build}`,
      'this installation',
      `npm install ${build} (it said: ${said})`,
    );
  }
  return tfjs(loaded.default ?? loaded, options);
}
