import { beforeAll, describe, expect, it } from 'vitest';
import { loadBackend, type Tf } from './backend.ts';
import { gradientDescent } from './gradient-descent.ts';

let tf: Tf;
beforeAll(async () => {
  tf = await loadBackend('wasm');
});

describe('gradient descent with momentum', () => {
  it('keeps its share of the last step, and leaves no tensor behind', () => {
    const before = tf.memory().numTensors;
    const weights = tf.tidy(() => tf.variable(tf.tensor1d([1, -2])));
    const descent = gradientDescent(tf, { learningRate: 0.5, momentum: 0.25 });
    const step = (gradient: number[]) =>
      tf.tidy(() => descent.step([{ weights, gradient: tf.tensor1d(gradient) }]));
    step([2, 4]);
    expect([...weights.dataSync()]).toEqual([0, -4]);
    step([0, 1]); // v = [0.5, 2]
    expect([...weights.dataSync()]).toEqual([-0.25, -5]);
    step([1, 0]); // v = [1.125, 0.5]
    expect([...weights.dataSync()]).toEqual([-0.8125, -5.25]);
    descent.dispose();
    weights.dispose();
    expect(tf.memory().numTensors).toBe(before);
  });
});
