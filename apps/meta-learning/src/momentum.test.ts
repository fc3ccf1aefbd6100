import { loadBackend } from '@foothold/app-small-to-large/backend';
import { expect, it } from 'vitest';
import { momentum } from './momentum.ts';

const tf = await loadBackend('wasm');

it('descent with momentum follows its two equations by hand, with a rate that changes', () => {
  const weights = tf.variable(tf.tensor1d([1, -2]));
  const optimizer = momentum(tf, 0.9);
  let [w, v] = [1, 0];
  for (const rate of [0.1, 0.1, 0.05, 0.05]) {
    const gradient = tf.mul(weights, 2);
    v = 0.9 * v + 2 * w;
    w -= rate * v;
    optimizer.step([{ weights, gradient }], rate);
    expect(weights.dataSync<'float32'>()[0]).toBeCloseTo(w, 5);
    expect(weights.dataSync<'float32'>()[1]).toBeCloseTo(-2 * w, 5);
  }
  optimizer.dispose();
});
