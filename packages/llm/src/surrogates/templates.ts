import type { Rng } from '@foothold/core';
import { shuffled } from './language-dataset.ts';

/** One order of the examples and of the parameters: a prompt of its own. */
export interface Template {
  /** Positions of the observations that it shows, in its order. */
  readonly rows: readonly number[];
  /** Names of the parameters in its order. */
  readonly order: readonly string[];
}

export interface TemplatesOptions {
  readonly count: number;
  /** Positions of the observations to be shown. */
  readonly rows: readonly number[];
  readonly names: readonly string[];
  readonly shuffleFeatures: boolean;
  /** What a template shows of the rows, before they are shuffled. Default: all. */
  draw?(rows: readonly number[], rng: Rng): readonly number[];
  readonly rng: Rng;
}

/** Templates with shuffled rows, each from a stream of its own. */
export function templatesOf(options: TemplatesOptions): readonly Template[] {
  const { count, rows, names, shuffleFeatures, draw = (all) => all, rng } = options;
  return Array.from({ length: count }, (_, t) => {
    const own = rng.fork(`template ${t}`);
    return {
      rows: shuffled(draw(rows, own.fork('sample')), own.fork('rows')),
      order: shuffleFeatures ? shuffled(names, own.fork('features')) : names,
    };
  });
}
