import { matrix, UnsupportedError } from '@foothold/core';
import type { TensorFlowLike } from './tensorflow.ts';
import { type TfjsOptions, tfjs } from './tfjs.ts';

/** The builds of TensorFlow.js that are packages of their own. */
export type TfjsBuild = '@tensorflow/tfjs' | '@tensorflow/tfjs-node' | '@tensorflow/tfjs-node-gpu';

/**
 * Loads a build of TensorFlow.js by name and opens a backend on it. Throws UnsupportedError, with the command that installs
 * it, where it is not installed or does not load on this machine, and where its first product fails, as that of tfjs-node
 * 4.22 does from Node 23 on.
 */
export async function loadTfjs(build: TfjsBuild, options?: TfjsOptions) {
  let loaded: { readonly default?: TensorFlowLike } & TensorFlowLike;
  try {
    loaded = await import(build);
  } catch (error) {
    throw new UnsupportedError(
      `the backend ${build}`,
      'this installation',
      `npm install ${build} (it said: ${said(error)})`,
    );
  }
  try {
    const linalg = await tfjs(loaded.default ?? loaded, options);
    await linalg.multiply(one, one);
    return linalg;
  } catch (error) {
    throw new UnsupportedError(
      `the backend ${build}`,
      'this engine',
      `it loads, but a product fails (it said: ${said(error)}); tfjs-node 4.22 needs Node 22 or older`,
    );
  }
}

const one = matrix(1, 1, Float64Array.of(1));

/** The first line of what it said, without where it was looked for. */
const said = (error: unknown) =>
  (error instanceof Error ? error.message : String(error)).split(/\n| imported from /)[0];
