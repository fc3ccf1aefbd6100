import type { Tf } from '@foothold/app-small-to-large/backend';
import type { Rng } from '@foothold/core';
import type { ObjectiveFunction } from '@foothold/study';
import { accuracy } from './metrics/accuracy.ts';
import { scoresOf } from './metrics/scores.ts';
import type { Settings } from './settings.ts';
import type { Task } from './tasks.ts';
import { train } from './training.ts';

export interface ObjectiveOptions {
  readonly task: Task;
  /** The same for every setting: one setting has one value. */
  readonly rng: Rng;
  readonly patience: number;
  readonly plateau: number;
  /** Milliseconds of a clock that never goes back. */
  readonly now: () => number;
}

/**
 * The share of wrong answers on the validation images, 0–1, which the searches minimize.
 *
 * As metrics what the same network does on the test images, which no choice has seen: `accuracy`, `f1`, `auc`, `mse`; and
 * `seconds` of the training with its judging, `epochs` that ran, `diverged` 1 or 0.
 */
export function objectiveOf(
  tf: Tf,
  { task, rng, now, ...rest }: ObjectiveOptions,
): ObjectiveFunction<Settings> {
  return async (settings, { signal }) => {
    const begun = now();
    const { validation, test, rates, ended } = await train(tf, task, { settings, rng, signal, ...rest });
    return {
      value: 1 - accuracy(validation),
      metrics: {
        ...scoresOf(test),
        seconds: (now() - begun) / 1000,
        epochs: rates.length,
        diverged: ended === 'diverged' ? 1 : 0,
      },
    };
  };
}
