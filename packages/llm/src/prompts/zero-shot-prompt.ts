import { answerForm } from './answer-form.ts';

export interface ZeroShotPrompt {
  /** The text of the task card. */
  readonly task: string;
  /** Names of the hyperparameters. */
  readonly names: readonly string[];
  readonly count: number;
}

/** Asks for first configurations before anything was evaluated. */
export function zeroShotPrompt({ task, names, count }: ZeroShotPrompt): string {
  const many = count === 1 ? 'one configuration' : `${count} configurations`;
  return `You help to tune a model. No configuration has been evaluated yet.

${task}

Propose ${many} to begin with: each of them likely to do well${count === 1 ? '' : ', and no two of them alike'}.
Keep every value in its range. A hyperparameter that applies only under a condition is left out elsewhere.
Answer with one line for each configuration, in this form, and nothing else:
${answerForm(names)}`;
}
