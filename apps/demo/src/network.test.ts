import { seeded } from '@foothold/core';
import { describe, expect, it } from 'vitest';
import { digitsBetween, readDigits } from './digits.ts';
import { activations, backward, forward, initialNetwork, misread } from './network.ts';
import { train } from './train.ts';
import { stockSettings } from './tuning.ts';

const digits = readDigits();
const size = { hidden: 8, epochs: 4 };
const few = digitsBetween(digits, 0, 200);

describe('the network', () => {
  it('has the gradient of its log loss, dropout included', () => {
    const rng = seeded(1);
    const network = initialNetwork(5, rng);
    const to = activations(5);
    to.input.forEach((_, i) => {
      to.input[i] = i % 3 === 0 ? 0 : rng.next();
    });
    const mask = Float64Array.of(2, 0, 2, 2, 0);
    const label = 3;
    const loss = () => {
      forward(network, to, mask);
      return -Math.log(to.probabilities[label]!);
    };
    const gradient = new Float64Array(network.weights.length);
    loss();
    backward(network, to, { label, weight: 1, mask, gradient });
    const { weights } = network;
    for (let i = 0; i < weights.length; i += 7) {
      const at = weights[i]!;
      weights[i] = at + 1e-5;
      const above = loss();
      weights[i] = at - 1e-5;
      const slope = (above - loss()) / 2e-5;
      weights[i] = at;
      expect(gradient[i]).toBeCloseTo(slope, 6);
    }
  });
  it('learns: after eight epochs on 500 digits it misreads under a third of new ones, before about nine in ten', () => {
    const fresh = digitsBetween(digits, 4000, 5000);
    expect(misread(initialNetwork(8, seeded(0)), fresh)).toBeGreaterThan(0.75);
    const learned = train(
      digitsBetween(digits, 0, 500),
      { ...stockSettings, learningRate: 0.01 },
      { hidden: 16, epochs: 8 },
    );
    expect(misread(learned, fresh)).toBeLessThan(0.33);
  });
  it('is the same for the same settings, and another for each setting that changes', () => {
    const settings = { ...stockSettings, shift: 1, rotation: 10, dropout: 0.2, zoom: 0.1, weightDecay: 0.1 };
    const { weights } = train(few, settings, size);
    expect(train(few, settings, size).weights).toEqual(weights);
    for (const key of Object.keys(settings) as (keyof typeof settings)[])
      expect(train(few, { ...settings, [key]: settings[key] / 2 }, size).weights, key).not.toEqual(weights);
    expect(weights.every(Number.isFinite)).toBe(true);
  });
});
