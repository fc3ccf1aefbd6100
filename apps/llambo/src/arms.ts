import type { LanguageModel, Sampler } from '@foothold/core';
import { advised, llambo, type Prices, type TaskContext, zeroShotWarmStart } from '@foothold/llm';
import { random, sequence } from '@foothold/samplers';
import { autoSampler } from 'foothold';
import type { Task } from './tasks.ts';

export const methodNames = ['llambo', 'llambo-generative', 'advised', 'default', 'random'] as const;
export type MethodName = (typeof methodNames)[number];

/** What is compared: a method, and how much of the card its model sees where it has one. */
export interface Arm {
  readonly method: MethodName;
  readonly context?: TaskContext | undefined;
}

export const hasModel = (method: MethodName) => method !== 'default' && method !== 'random';

export function armsOf(methods: readonly MethodName[], contexts: readonly TaskContext[]): readonly Arm[] {
  return methods.flatMap((method): readonly Arm[] =>
    hasModel(method) ? contexts.map((context) => ({ method, context })) : [{ method }],
  );
}

export const armName = ({ method, context }: Arm) =>
  context === undefined ? method : `${method}, ${context} context`;

/** What all arms have alike. */
export interface ArmSettings {
  /** First trials of every arm. */
  readonly initial: number;
  /** Whether the model proposes the first trials of its arms. Otherwise all arms have the same random ones. */
  readonly warmStart: boolean;
  readonly candidates: number;
  readonly templates: number;
  readonly generations: number;
  readonly alpha: number;
  readonly probabilities: 'log-probabilities' | 'samples';
}

export interface ArmOptions extends ArmSettings {
  readonly task: Task;
  /** Absent where no arm has one. */
  readonly model: LanguageModel | undefined;
  readonly prices: Prices | undefined;
}

/** The sampler of an arm: its first trials, then the method. */
export function samplerOf(arm: Arm, options: ArmOptions): Sampler {
  const { task, model, initial, warmStart, prices } = options;
  const { context } = arm;
  const { card } = task;
  const first =
    warmStart && model && context !== undefined
      ? zeroShotWarmStart(model, { card, context, count: initial, sampler: random(), prices })
      : random();
  return sequence([
    [first, initial],
    [methodOf(arm, options), Infinity],
  ]);
}

function methodOf({ method, context }: Arm, options: ArmOptions): Sampler {
  const { task, initial, candidates, templates, generations, alpha, prices } = options;
  const { card } = task;
  const plain = () => autoSampler({ initialTrials: initial });
  const model = options.model!;
  switch (method) {
    case 'random':
      return random();
    case 'default':
      return plain();
    case 'advised':
      return advised(plain(), { model, card, context, templates, alpha, prices });
    default:
      return llambo(model, {
        ...{ card, context, mode: method === 'llambo' ? 'discriminative' : 'generative' },
        ...{ initialTrials: initial, initial: random(), prices },
        ...{ candidates, templates, generations, alpha, probabilities: options.probabilities },
      });
  }
}
