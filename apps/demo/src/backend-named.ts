import { cpu, wasm } from '@foothold/linalg';
import { InvalidArgumentError, type LinearAlgebra } from 'foothold';

/** The compute backends that `--backend` may name; the optional ones are loaded when named, and say how to install them. */
export const backendNames = ['wasm', 'cpu', 'ml-matrix', 'tfjs', 'gpujs'] as const;

export async function backendNamed(name: string): Promise<LinearAlgebra> {
  switch (name) {
    case 'wasm':
      return wasm();
    case 'cpu':
      return cpu;
    case 'ml-matrix':
      return (await import('@foothold/linalg-ml-matrix')).mlMatrix();
    case 'tfjs':
      return (await import('@foothold/linalg-tfjs')).loadTfjs('@tensorflow/tfjs');
    case 'gpujs':
      return (await import('@foothold/linalg-gpujs')).loadGpujs();
    default:
      throw new InvalidArgumentError('--backend', name, `one of ${backendNames.join(', ')}`);
  }
}
