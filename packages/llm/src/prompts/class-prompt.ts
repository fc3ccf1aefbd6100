import { type EvaluatedLine, evaluatedList } from './evaluated-list.ts';

export interface ClassPrompt {
  /** The text of the task card, and of the forms of its numbers. */
  readonly task: string;
  /** What makes a configuration good: the metric, or `score`. */
  readonly metric: string;
  /** Outcomes are 1 for good ones and 0 for others. */
  readonly evaluated: readonly EvaluatedLine[];
  /** How many of them are good. */
  readonly good: number;
  readonly configuration: string;
}

/** Asks whether one configuration belongs to the good ones. What changes from one to the next comes last. */
export function classPrompt({ task, metric, evaluated, good, configuration }: ClassPrompt): string {
  return `You judge whether a model does well with given hyperparameters.

${task}

Configurations that were evaluated: 1 marks the best ${good} of ${evaluated.length} by ${metric}, 0 the others:
${evaluatedList(evaluated)}

Say of the configuration below whether it would be among the best, with 1, or not, with 0.
Answer with this one digit and nothing else.
${configuration} =>`;
}
