import { createRequire } from 'node:module';
import { dirname } from 'node:path';
import type { LinearAlgebra } from '@foothold/core';
import { cpu, wasm } from '@foothold/linalg';
import { loadGpujs } from '@foothold/linalg-gpujs';
import { mlMatrix } from '@foothold/linalg-ml-matrix';
import { loadTfjs, tfjs } from '@foothold/linalg-tfjs';

/** A backend to measure; `open` gives undefined, or throws, where it does not load on this machine. */
export interface BackendEntry {
  readonly name: string;
  open(): Promise<LinearAlgebra | undefined>;
}

const flavoured = async (flavour: 'simd' | 'relaxed-simd') => {
  const backend = await wasm({ flavours: [flavour] });
  return backend.flavour === flavour ? backend : undefined;
};

async function tfjsWasm(): Promise<LinearAlgebra> {
  const tf = await import('@tensorflow/tfjs-core');
  const { setThreadsCount, setWasmPaths } = await import('@tensorflow/tfjs-backend-wasm');
  const require = createRequire(import.meta.url);
  setWasmPaths(`${dirname(require.resolve('@tensorflow/tfjs-backend-wasm'))}/`);
  setThreadsCount(1);
  await tf.setBackend('wasm');
  return tfjs(tf);
}

/** Every backend that the benchmarks know; `cpu` is first because the others are compared to it. */
export const backends: readonly BackendEntry[] = [
  { name: 'cpu', open: async () => cpu },
  { name: 'wasm-simd', open: () => flavoured('simd') },
  { name: 'wasm-relaxed-simd', open: () => flavoured('relaxed-simd') },
  { name: 'ml-matrix', open: async () => mlMatrix() },
  { name: 'tfjs-wasm', open: tfjsWasm },
  { name: 'tfjs-node', open: () => loadTfjs('@tensorflow/tfjs-node') },
  { name: 'tfjs-node-gpu', open: () => loadTfjs('@tensorflow/tfjs-node-gpu') },
  { name: 'gpujs', open: () => loadGpujs() },
];
