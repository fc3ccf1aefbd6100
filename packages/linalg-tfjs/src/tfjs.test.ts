import { createRequire } from 'node:module';
import { dirname } from 'node:path';
import { matrix, NotPositiveDefiniteError, seeded, UnsupportedError } from '@foothold/core';
import { cpu } from '@foothold/linalg';
import { describeLinearAlgebra } from '@foothold/testing';
import * as tf from '@tensorflow/tfjs-core';
import '@tensorflow/tfjs-backend-cpu';
import { setThreadsCount, setWasmPaths } from '@tensorflow/tfjs-backend-wasm';
import { describe, expect, it, vi } from 'vitest';
import { loadTfjs } from './load-tfjs.ts';
import { tfjs } from './tfjs.ts';

const require = createRequire(import.meta.url);
setWasmPaths(`${dirname(require.resolve('@tensorflow/tfjs-backend-wasm'))}/`);
setThreadsCount(1);

/** A small panel, so that matrices of a few dozen rows already take the blocked path. */
async function open(backend: string, panel = 16) {
  await tf.setBackend(backend);
  return tfjs(tf, { panel });
}

describeLinearAlgebra('tfjs on its cpu backend', () => open('cpu'));
describeLinearAlgebra('tfjs on its WASM backend', () => open('wasm'));
describeLinearAlgebra('tfjs on its WASM backend, whole panels', () => open('wasm', 128));

function positiveDefinite(n: number) {
  const rng = seeded(n);
  const g = matrix(
    n,
    n,
    Float64Array.from({ length: n * n }, () => rng.next() - 0.5),
  );
  const a = cpu.multiply(g, g, { transposeB: true });
  for (let i = 0; i < n; i++) a.data[i * n + i]! += n / 10;
  return a;
}

describe('tfjs', () => {
  it('names its backend and the roundoff of float32', async () => {
    const linalg = await open('wasm');
    expect(linalg.name).toBe('tfjs-wasm');
    expect(linalg.epsilon).toBe(2 ** -24);
  });
  it('leaves no tensor behind over 1,000 calls, failed ones included', { timeout: 120_000 }, async () => {
    const linalg = await open('wasm', 8);
    const good = positiveDefinite(24);
    const bad = matrix(
      24,
      24,
      good.data.map((v, i) => (i === 20 * 25 ? -1 : v)),
    );
    const l = await linalg.cholesky(good);
    const before = tf.memory().numTensors;
    for (let i = 0; i < 250; i++) {
      await linalg.cholesky(good);
      await expect(linalg.cholesky(bad)).rejects.toBeInstanceOf(NotPositiveDefiniteError);
      await linalg.solveTriangular(l, good, { transpose: i % 2 === 0 });
      await linalg.multiply(good, good, { transposeA: i % 2 === 0 });
    }
    expect(tf.memory().numTensors).toBe(before);
  });
  it('counts the pivots of later panels from the start of the matrix', async () => {
    const linalg = await open('cpu', 8);
    const bad = positiveDefinite(40);
    bad.data[29 * 41] = -3;
    await expect(linalg.cholesky(bad)).rejects.toSatisfy(
      (e) => e instanceof NotPositiveDefiniteError && e.pivot === 29,
    );
  });
  it('agrees with float64 within its own roundoff', async () => {
    const a = positiveDefinite(200);
    const exact = cpu.cholesky(a);
    const l = await (await open('wasm', 64)).cholesky(a);
    const worst = Math.max(...l.data.map((v, i) => Math.abs(v - exact.data[i]!)));
    expect(worst).toBeLessThan(200 * 2 ** -24 * Math.max(...exact.data));
    expect(worst).toBeGreaterThan(0);
  });
});

describe('loadTfjs', () => {
  it('says how to install a build that is not there', async () => {
    await expect(loadTfjs('@tensorflow/tfjs-node-gpu')).rejects.toSatisfy(
      (e) => e instanceof UnsupportedError && e.message.includes('npm install @tensorflow/tfjs-node-gpu'),
    );
  });
  it('opens a build that works and refuses one that loads and fails, as tfjs-node does on a newer Node', async () => {
    await tf.setBackend('cpu');
    vi.doMock('@tensorflow/tfjs-node', () => ({ default: tf }));
    expect((await loadTfjs('@tensorflow/tfjs-node')).name).toBe('tfjs-cpu');
    const matMul = () => {
      throw new TypeError('isNullOrUndefined is not a function');
    };
    vi.doMock('@tensorflow/tfjs-node', () => ({ default: { ...tf, matMul } }));
    vi.resetModules();
    const before = tf.memory().numTensors;
    await expect(loadTfjs('@tensorflow/tfjs-node')).rejects.toThrow(
      /@tensorflow\/tfjs-node.*a product fails \(it said: isNullOrUndefined is not a function\).*Node 22/,
    );
    expect(tf.memory().numTensors).toBe(before);
    vi.doUnmock('@tensorflow/tfjs-node');
  });
});
