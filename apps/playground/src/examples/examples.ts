import type { TuningSettings } from '../tuning/tuning-messages.ts';
import branin from './branin.ts?raw';
import ownProgram from './own-program.ts?raw';
import pendulum from './pendulum.ts?raw';
import platformer from './platformer.ts?raw';
import smallToLarge from './small-to-large.ts?raw';
import twoSpirals from './two-spirals.ts?raw';

/** A program that a person can begin with. */
export interface Example {
  /** Its name in the address, and that of its study. */
  readonly id: string;
  readonly title: string;
  /** What it is, a sentence or two. */
  readonly text: string;
  readonly code: string;
  /** Where they are not the default. */
  readonly settings?: Partial<TuningSettings>;
}

export const examples: readonly Example[] = [
  {
    id: 'branin',
    title: 'Test function',
    text: 'Branin’s function of two parameters. It is quick, and its map on the page “Model” shows the three valleys.',
    code: branin,
  },
  {
    id: 'pendulum',
    title: 'Pendulum',
    text: 'A controller holds a pole upright. Three gains decide whether it stands, shakes or falls.',
    code: pendulum,
  },
  {
    id: 'platformer',
    title: 'Game',
    text: 'Jump, gravity and speed of a platform game, so that a scripted player gets as many coins as she can.',
    code: platformer,
    settings: { direction: 'maximize', trials: 40 },
  },
  {
    id: 'two-spirals',
    title: 'Neural network',
    text: 'TensorFlow.js trains a small network in the worker. It reports its loss while it learns: see “Learning curves”.',
    code: twoSpirals,
    settings: { trials: 20, prunes: true },
  },
  {
    id: 'throw',
    title: 'Small to large',
    text: 'A rough simulation first, then the exact one, which starts from what the rough one has taught. Two studies come of it.',
    code: smallToLarge,
    settings: { smallTrials: 20, trials: 12 },
  },
  {
    id: 'my-study',
    title: 'Your own',
    text: 'A space with each kind of parameter and a function to write over.',
    code: ownProgram,
    settings: { trials: 20 },
  },
];

/** The example of this name. */
export function exampleOf(id: string): Example | undefined {
  return examples.find((example) => example.id === id);
}
