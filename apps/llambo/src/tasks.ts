import type { Direction } from '@foothold/core';
import { type TaskCard, taskCard } from '@foothold/llm';
import type { ParameterSpace } from '@foothold/space';
import { type DatasetFacts, type DatasetName, datasets, metricOf } from './datasets.ts';
import { type LearnerName, learners } from './learners.ts';

/** A learner on a dataset. */
export interface Task {
  readonly learner: LearnerName;
  readonly dataset: DatasetName;
  readonly space: ParameterSpace;
  readonly direction: Direction;
  readonly card: TaskCard;
}

export function tasksOf(
  learnerNames: readonly LearnerName[],
  datasetNames: readonly DatasetName[],
): readonly Task[] {
  return datasetNames.flatMap((dataset) => learnerNames.map((learner) => taskOf(learner, dataset)));
}

export const taskName = ({ learner, dataset }: Pick<Task, 'learner' | 'dataset'>) => `${dataset}/${learner}`;

/** Context `none` shows of the card the model and the ranges, `partial` also the data, `full` also the facts. */
function taskOf(learner: LearnerName, dataset: DatasetName): Task {
  const { title, space, meanings, fixed } = learners[learner];
  const facts = datasets[dataset];
  const { task, metric, direction } = metricOf(facts);
  const card = taskCard(
    {
      ...{ model: title, task: `${task} of tabular data`, metric, direction },
      samples: facts.samples,
      features: { total: facts.features, categorical: 0, numeric: facts.features },
      ...(facts.classes !== undefined && { classes: facts.classes }),
      hyperparameters: Object.fromEntries(
        Object.entries(meanings).map(([name, meaning]) => [name, { meaning }]),
      ),
      facts: [fixed, `The ${metric} is the mean over five cross-validation folds.`, ...dataFacts(facts)],
    },
    { space, direction },
  );
  return { learner, dataset, space, direction, card };
}

/** What LLAMBO's full context says of the data: distributions and correlations. */
function dataFacts(facts: DatasetFacts): readonly string[] {
  const varying = facts.features - facts.constant;
  return [
    ...(facts.smallest_class === null
      ? ['The target is standardized.']
      : [`The classes have from ${facts.smallest_class} to ${facts.largest_class} samples.`]),
    ...(facts.constant > 0 ? [`${facts.constant} features have one value only.`] : []),
    `The features are not scaled: their standard deviations are from ${facts.least_scale} to ${facts.largest_scale}, their median skewness is ${facts.median_skewness}.`,
    `${facts.correlated_with_target} of ${varying} features have a correlation with the target above 0.5 in size.`,
    `${facts.correlated_pairs} of ${facts.pairs} pairs of features have a correlation above 0.5 in size.`,
  ];
}
