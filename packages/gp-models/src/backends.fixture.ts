import { createRequire } from 'node:module';
import { dirname } from 'node:path';
import type { LinearAlgebra } from '@foothold/core';
import { cpu, wasmSync } from '@foothold/linalg';
import { gpujs } from '@foothold/linalg-gpujs';
import { mlMatrix } from '@foothold/linalg-ml-matrix';
import { tfjs } from '@foothold/linalg-tfjs';
import * as tf from '@tensorflow/tfjs-core';
import '@tensorflow/tfjs-backend-cpu';
import { setThreadsCount, setWasmPaths } from '@tensorflow/tfjs-backend-wasm';

const require = createRequire(import.meta.url);
setWasmPaths(`${dirname(require.resolve('@tensorflow/tfjs-backend-wasm'))}/`);
setThreadsCount(1);
const { GPU } = require('gpu.js');

/** Small panels, so that a few dozen rows already go to the device. */
const panel = 8;

async function onTensorFlow(backend: string): Promise<LinearAlgebra> {
  await tf.setBackend(backend);
  return tfjs(tf, { panel });
}

/** Every backend, by name, for the tests of kernels. TensorFlow.js has one active backend: open before each test. */
export const backends: Readonly<Record<string, () => LinearAlgebra | Promise<LinearAlgebra>>> = {
  'wasm (relaxed-simd)': () => wasmSync({ flavours: ['relaxed-simd'] }),
  'wasm (simd)': () => wasmSync({ flavours: ['simd'] }),
  'plain JavaScript': () => cpu,
  'ml-matrix': () => mlMatrix(),
  'tfjs-cpu': () => onTensorFlow('cpu'),
  'tfjs-wasm': () => onTensorFlow('wasm'),
  'gpu.js in CPU mode': () => gpujs(new GPU({ mode: 'cpu' }), { panel }),
};
