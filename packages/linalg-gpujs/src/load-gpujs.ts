import { UnsupportedError } from '@foothold/core';
import type { GpuLike } from './gpu.ts';
import { type GpujsOptions, gpujs } from './gpujs.ts';

interface GpuConstructor {
  new (settings: { readonly mode: string }): GpuLike;
  readonly isHeadlessGLSupported: boolean;
  readonly isWebGLSupported: boolean;
}

/**
 * Loads gpu.js and opens a backend on it: on the GPU where headless GL (Node) or WebGL (browser) works, else in CPU mode.
 * Throws UnsupportedError, with the command that installs it, where gpu.js is not installed.
 */
export async function loadGpujs(options?: GpujsOptions) {
  let loaded: { readonly GPU?: GpuConstructor; readonly default?: { readonly GPU: GpuConstructor } };
  const name: string = 'gpu.js';
  try {
    loaded = await import(name);
  } catch (error) {
    const said = (error instanceof Error ? error.message : String(error)).split(/\n| imported from /)[0];
    throw new UnsupportedError(
      'the backend gpu.js',
      'this installation',
      `npm install gpu.js (it said: ${said})`,
    );
  }
  const GPU = (loaded.GPU ?? loaded.default?.GPU)!;
  // GPU.isGPUSupported is true even where no GL works; these two look at what is really there.
  const mode = GPU.isHeadlessGLSupported || GPU.isWebGLSupported ? 'gpu' : 'cpu';
  return gpujs(new GPU({ mode }), options);
}
