import type { Tf } from '@foothold/app-small-to-large/backend';
import type { WeightGradient } from '@foothold/app-small-to-large/layer';
import type { Variable } from '@tensorflow/tfjs-core';

export interface Momentum {
  /** velocity ← momentum · velocity + gradient; weights ← weights − rate · velocity. */
  step(gradients: readonly WeightGradient[], rate: number): void;
  /** Frees the velocities. */
  dispose(): void;
}

/**
 * Gradient descent with momentum (Polyak 1964, in the form of Sutskever et al. 2013). Default of the momentum: 0.9.
 *
 * tfjs's own optimizer keeps the scalar of its learning rate when it is disposed of, a tensor a training.
 */
export function momentum(tf: Tf, coefficient = 0.9): Momentum {
  const velocities = new Map<Variable, Variable>();
  return {
    step(gradients, rate) {
      tf.tidy(() => {
        for (const { weights, gradient } of gradients) {
          let velocity = velocities.get(weights);
          if (!velocity) {
            velocity = tf.variable(tf.zerosLike(weights), false);
            velocities.set(weights, velocity);
          }
          velocity.assign(tf.add(tf.mul(velocity, coefficient), gradient));
          weights.assign(tf.sub(weights, tf.mul(velocity, rate)));
        }
      });
    },
    dispose() {
      for (const velocity of velocities.values()) velocity.dispose();
      velocities.clear();
    },
  };
}
