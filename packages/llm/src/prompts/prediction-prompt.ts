import { type EvaluatedLine, evaluatedList } from './evaluated-list.ts';

export interface PredictionPrompt {
  /** The text of the task card, and of the forms of its numbers. */
  readonly task: string;
  /** What is predicted: the metric, or `score`. */
  readonly metric: string;
  readonly evaluated: readonly EvaluatedLine[];
  readonly configuration: string;
}

/** Asks for the value of one configuration. What changes from one to the next comes last. */
export function predictionPrompt({ task, metric, evaluated, configuration }: PredictionPrompt): string {
  const known =
    evaluated.length === 0
      ? 'No configuration has been evaluated yet.'
      : `Configurations that were evaluated, each with its ${metric}:\n${evaluatedList(evaluated)}`;
  return `You predict how well a model does with given hyperparameters.

${task}

${known}

Predict the ${metric} of the configuration below, in the same units.
Answer with one number between double hash signs, and nothing else: ## NUMBER ##
${configuration} =>`;
}
