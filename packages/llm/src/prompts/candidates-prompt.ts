import { answerForm } from './answer-form.ts';
import { type EvaluatedLine, evaluatedList } from './evaluated-list.ts';

export interface CandidatesPrompt {
  /** The text of the task card, and of the forms of its numbers. */
  readonly task: string;
  /** What is to be reached: the metric, or `score`. */
  readonly metric: string;
  readonly names: readonly string[];
  readonly evaluated: readonly EvaluatedLine[];
  /** The value to reach, as text. */
  readonly target: string;
  /** Values that must be kept, as a configuration; empty where all are free. */
  readonly fixed: string;
}

/** Asks for one configuration that reaches a target. */
export function candidatesPrompt(parts: CandidatesPrompt): string {
  const { task, metric, names, evaluated, target, fixed } = parts;
  return `You help to tune a model.

${task}

Configurations that were evaluated, each with its ${metric}:
${evaluatedList(evaluated)}

Propose a configuration whose ${metric} is ${target}. It must differ from all of these.
Keep every value in its range. A hyperparameter that applies only under a condition is left out elsewhere.${fixed === '' ? '' : `\nKeep these values: ${fixed}`}
Answer with one line in this form, and nothing else:
${answerForm(names)}`;
}
