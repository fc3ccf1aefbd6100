import type { LinearAlgebra } from '@foothold/core';

/** A compute backend that may load on this machine. */
export interface BackendEntry {
  readonly name: string;
  /** Opens it. Rejects, with how to install it, where it does not load. */
  readonly open: () => Promise<LinearAlgebra>;
}

/** Loads a package that a user may or may not have installed; the name is hidden from bundlers and type checks. */
async function optional(name: string): Promise<Record<string, (...args: readonly unknown[]) => unknown>> {
  try {
    return await import(name);
  } catch (error) {
    const missing = error instanceof Error && 'code' in error && error.code === 'ERR_MODULE_NOT_FOUND';
    throw missing ? new Error(`not installed: npm install ${name}`) : error;
  }
}

const tensorflow = (build: string): BackendEntry => ({
  name: build.replace('@tensorflow/', ''),
  open: async () => (await optional('@foothold/linalg-tfjs')).loadTfjs!(build) as Promise<LinearAlgebra>,
});

/** Every backend that Foothold has, the default first. */
export const backends: readonly BackendEntry[] = [
  { name: 'wasm', open: async () => (await import('@foothold/linalg')).wasm() },
  { name: 'cpu', open: async () => (await import('@foothold/linalg')).cpu },
  {
    name: 'ml-matrix',
    open: async () => (await optional('@foothold/linalg-ml-matrix')).mlMatrix!() as LinearAlgebra,
  },
  tensorflow('@tensorflow/tfjs'),
  tensorflow('@tensorflow/tfjs-node'),
  tensorflow('@tensorflow/tfjs-node-gpu'),
  {
    name: 'gpujs',
    open: async () => (await optional('@foothold/linalg-gpujs')).loadGpujs!() as Promise<LinearAlgebra>,
  },
];
