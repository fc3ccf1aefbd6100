import { type ParameterDescription, type Params, type SearchSpace, UnsupportedError } from '@foothold/core';
import { nameText } from '../prompts/configuration-text.ts';
import { valueText } from '../prompts/value-text.ts';
import { parametersOf } from './parameters-of.ts';
import type { TaskCard } from './task-card-schema.ts';

/**
 * How much of a card a prompt has (Liu et al. 2024, section 4): `none`, the model's name and the space; `partial`, also the task, the
 * data's numbers, the metric and what the hyperparameters mean; `full`, also the further facts.
 */
export type TaskContext = 'none' | 'partial' | 'full';

export const taskContexts = ['none', 'partial', 'full'] as const satisfies readonly TaskContext[];

export interface TaskTextOptions<P extends Params = Params> {
  readonly space: SearchSpace<P>;
  readonly context: TaskContext;
  /** Names of the parameters in the order in which they are shown. Default: that of the space. */
  readonly order?: readonly string[] | undefined;
}

/** The card in this context as a text of several lines. Throws UnsupportedError for a space whose parameters cannot be told. */
export function taskText<P extends Params>(
  card: TaskCard,
  { space, context, order }: TaskTextOptions<P>,
): string {
  const parameters = parametersOf(space);
  if (!parameters) throw new UnsupportedError('a space whose parameters cannot be described', 'a prompt');
  const metric = context === 'none' ? 'score' : card.metric;
  return [
    `Model to be tuned: ${card.model}`,
    ...(context === 'none' ? [] : dataLines(card)),
    `Goal: ${card.direction} the ${metric}`,
    'Hyperparameters:',
    ...(order ?? [...parameters.keys()]).flatMap((name) => {
      const description = parameters.get(name);
      return description
        ? [`- ${nameText(name)}: ${rangeText(description)}${context === 'none' ? '' : aboutText(card, name)}`]
        : [];
    }),
    ...constraintLines(space),
    ...(context === 'full' && card.facts?.length
      ? ['Further facts:', ...card.facts.map((fact) => `- ${fact}`)]
      : []),
  ].join('\n');
}

function dataLines({ task, samples, features, classes }: TaskCard): readonly string[] {
  const kinds = [
    ...(features?.numeric === undefined ? [] : [`${features.numeric} numeric`]),
    ...(features?.categorical === undefined ? [] : [`${features.categorical} categorical`]),
  ];
  const data = [
    ...(samples === undefined ? [] : [`${samples} samples`]),
    ...(features ? [`${features.total} features${kinds.length > 0 ? ` (${kinds.join(', ')})` : ''}`] : []),
    ...(classes === undefined ? [] : [`${classes} classes`]),
  ];
  return [`Task: ${task}`, ...(data.length > 0 ? [`Data: ${data.join(', ')}`] : [])];
}

function aboutText({ hyperparameters }: TaskCard, name: string): string {
  const { meaning, constraints } = (Object.hasOwn(hyperparameters, name) && hyperparameters[name]) || {};
  return [meaning, constraints].map((text) => (text === undefined ? '' : `; ${text}`)).join('');
}

/** The values that a parameter may have, in words: `a number from 0.00001 to 0.1, on a logarithmic scale`. */
export function rangeText(description: ParameterDescription): string {
  const when = Object.entries(description.when ?? {}).map(
    ([parent, values]) => `${nameText(parent)} is ${values.map(valueText).join(' or ')}`,
  );
  return `${valuesText(description)}${when.length > 0 ? `; only where ${when.join(' and ')}` : ''}`;
}

function valuesText(description: ParameterDescription): string {
  if (description.type === 'ordinal' || description.type === 'categorical')
    return `one of ${description.choices.map(valueText).join(', ')}${description.type === 'ordinal' ? ', in this order' : ''}`;
  const { type, low, high, log, step } = description;
  const kind = type === 'int' ? 'a whole number' : 'a number';
  const steps = step === undefined ? '' : `, in steps of ${step}`;
  // In full: a bound that is rounded could lie outside.
  return `${kind} from ${low} to ${high}${steps}${log ? ', on a logarithmic scale' : ''}`;
}

interface Linear {
  readonly terms: Readonly<Record<string, number>>;
  readonly atMost?: number;
  readonly atLeast?: number;
}

/** The linear constraints of the space's JSON, one a line. */
function constraintLines<P extends Params>({ description }: SearchSpace<P>): readonly string[] {
  const listed = (description?.['$constraints'] ?? []) as unknown as readonly Linear[];
  return listed.map(({ terms, atMost, atLeast }) => {
    const total = Object.entries(terms).map(([name, weight]) => `${weight} * ${nameText(name)}`);
    const bounds = [
      ...(atLeast === undefined ? [] : [`at least ${atLeast}`]),
      ...(atMost === undefined ? [] : [`at most ${atMost}`]),
    ];
    return `Constraint: ${total.join(' + ')} is ${bounds.join(' and ')}`;
  });
}
