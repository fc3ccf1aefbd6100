import { InvalidArgumentError, type Params } from '@foothold/core';
import { taskContexts, taskText } from '../card/task-text.ts';
import { positive } from '../positive.ts';
import { type ShownSpace, shownSpace } from '../views/shown-space.ts';
import { type Warping, warpings } from '../views/warping.ts';
import { wholeFromOne } from '../whole-from-one.ts';
import type { LanguageSurrogateOptions } from './surrogate-options.ts';

/** Options with their defaults, and what follows from them. */
export interface SurrogateSettings<P extends Params = Params> {
  readonly view: ShownSpace<P>;
  readonly sign: 1 | -1;
  readonly metric: string;
  readonly templates: number;
  readonly generations: number;
  readonly shuffleFeatures: boolean;
  readonly examples: number;
  readonly temperature: number;
  readonly maxTokens: number;
  /** The text of the card with the parameters in this order. */
  task(order: readonly string[]): string;
}

/** Throws InvalidArgumentError for options outside of their ranges, UnsupportedError for a space whose parameters cannot be told. */
export function surrogateSettings<P extends Params>(
  options: LanguageSurrogateOptions<P>,
): SurrogateSettings<P> {
  const { space, card, context = 'full', templates = 2, generations = 10, warping = 'none' } = options;
  const { shuffleFeatures = false, examples = 100, temperature = 0.7, maxTokens = 40 } = options;
  checkContext(context);
  checkWarping(warping);
  for (const [name, value] of Object.entries({ templates, generations, examples, maxTokens }))
    wholeFromOne(name, value);
  checkTemperature(temperature);
  const view = shownSpace(space, warping);
  return {
    view,
    sign: card.direction === 'maximize' ? 1 : -1,
    metric: context === 'none' ? 'score' : card.metric,
    ...{ templates, generations, shuffleFeatures, examples, temperature, maxTokens },
    task: (order) => withNote(taskText(card, { space: view.space, context, order }), view.note),
  };
}

export function checkContext(context: unknown): void {
  if (!(taskContexts as readonly unknown[]).includes(context))
    throw new InvalidArgumentError('context', context, taskContexts.join(', '));
}

export function checkWarping(warping: unknown): asserts warping is Warping {
  if (!(warpings as readonly unknown[]).includes(warping))
    throw new InvalidArgumentError('warping', warping, warpings.join(', '));
}

export function checkTemperature(temperature: number): void {
  if (temperature !== 0) positive('temperature', temperature);
  if (temperature > 2) throw new InvalidArgumentError('temperature', temperature, 'a number from 0 to 2');
}

/** A text of a card, and what its forms of numbers mean. */
export const withNote = (task: string, note: string) => (note === '' ? task : `${task}\n${note}`);
