import { type Dataset, type Params, type Rng, rowOf } from '@foothold/core';
import { configurationText } from '../prompts/configuration-text.ts';
import { type ScoreScale, scoreScale } from '../prompts/score-scale.ts';
import type { ShownSpace } from '../views/shown-space.ts';
import { meanAndVariance } from './mean-and-variance.ts';

/** Observations as a prompt tells them. */
export interface LanguageDataset {
  /** In the shown form, n. */
  readonly configurations: readonly Params[];
  /** To be maximized, n. */
  readonly y: readonly number[];
  /** +1 where the user's values are y, −1 where they are −y. */
  readonly sign: 1 | -1;
  readonly scale: ScoreScale;
}

/** The observations of a dataset, in the user's parameters and units. */
export function languageDataset<P extends Params>(
  data: Dataset,
  view: ShownSpace<P>,
  sign: 1 | -1,
): LanguageDataset {
  const configurations = Array.from({ length: data.y.length }, (_, i) => view.space.decode(rowOf(data.x, i)));
  return { configurations, y: [...data.y], sign, scale: scoreScale(data.y) };
}

/** What is believed of a point before the model said anything: mean and variance of all values; of equal ones, a variance of their size. */
export function priorBelief(y: readonly number[]): { readonly mean: number; readonly variance: number } {
  if (y.length === 0) return { mean: 0, variance: 1 };
  const { mean, variance } = meanAndVariance(y);
  const size = Math.abs(mean) || 1;
  return { mean, variance: variance > 0 ? variance : Math.min(size * size, Number.MAX_VALUE) };
}

/** Positions of at most `limit` observations: of more, the best half of the limit, and others drawn at random. In no order that tells anything. */
export function chosenExamples(y: readonly number[], limit: number, rng: Rng): readonly number[] {
  const all = [...y.keys()];
  if (y.length <= limit) return all;
  const ranked = all.sort((i, j) => y[j]! - y[i]!);
  const best = Math.ceil(limit / 2);
  return [...ranked.slice(0, best), ...shuffled(ranked.slice(best), rng).slice(0, limit - best)];
}

/** The items in a random order (Fisher, Yates). */
export function shuffled<T>(items: readonly T[], rng: Rng): readonly T[] {
  const result = [...items];
  for (let i = result.length - 1; i > 0; i--) {
    const j = Math.floor(rng.next() * (i + 1));
    [result[i], result[j]] = [result[j]!, result[i]!];
  }
  return result;
}

/** As many items, drawn with replacement (Efron 1979). */
export function resampled<T>(items: readonly T[], rng: Rng): readonly T[] {
  return items.map(() => items[Math.floor(rng.next() * items.length)]!);
}

/** A configuration as the key of what was said of it, whatever the order of its parameters in a prompt. */
export const keyOf = (configuration: Params) => configurationText(configuration);

/** A seed of a completion: a whole number below 2³¹. */
export const completionSeed = (rng: Rng) => Math.floor(rng.next() * 2 ** 31);
