import type { Variable } from '@tensorflow/tfjs-core';
import type { Tf } from './backend.ts';
import type { WeightGradient } from './layer.ts';

/** Steps along the gradient, each keeping a share of the last one. */
export interface GradientDescent {
  /** v ← momentum·v + gradient, weights ← weights − learningRate·v, for each of these weights. */
  step(gradients: readonly WeightGradient[]): void;
  /** Frees the velocities. */
  dispose(): void;
}

/** Stochastic gradient descent with momentum (Polyak 1964). tfjs's own keeps a tensor after its end. */
export function gradientDescent(
  tf: Tf,
  { learningRate, momentum }: { readonly learningRate: number; readonly momentum: number },
): GradientDescent {
  const velocities = new Map<Variable, Variable>();
  return {
    step(gradients) {
      tf.tidy(() => {
        for (const { weights, gradient } of gradients) {
          let velocity = velocities.get(weights);
          if (velocity) velocity.assign(tf.add(tf.mul(velocity, momentum), gradient));
          else {
            velocity = tf.variable(gradient, false);
            velocities.set(weights, velocity);
          }
          weights.assign(tf.sub(weights, tf.mul(velocity, learningRate)));
        }
      });
    },
    dispose() {
      for (const velocity of velocities.values()) velocity.dispose();
    },
  };
}
