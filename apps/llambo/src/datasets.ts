import type { Direction } from '@foothold/core';
import recorded from './datasets.json' with { type: 'json' };

export const datasetNames = ['breast', 'digits', 'wine', 'iris', 'diabetes'] as const;
export type DatasetName = (typeof datasetNames)[number];

/** Facts of the training rows, as `train.py --facts` prints them. */
export interface DatasetFacts {
  readonly samples: number;
  readonly features: number;
  /** Absent for a regression. */
  readonly classes?: number;
  /** Features of one value. They are in no pair. */
  readonly constant: number;
  readonly pairs: number;
  /** Pairs whose correlation is above 0.5 in size. */
  readonly correlated_pairs: number;
  /** Features whose correlation with the target is. */
  readonly correlated_with_target: number;
  /** Standard deviations of the features that vary. */
  readonly least_scale: number;
  readonly largest_scale: number;
  readonly median_skewness: number;
  readonly smallest_class: number | null;
  readonly largest_class: number | null;
}

export const datasets: Readonly<Record<DatasetName, DatasetFacts>> = recorded;

/** What a trial measures (Liu et al. 2024, section 5): accuracy, or mean squared error of a target with variance 1. */
export function metricOf({ classes }: DatasetFacts): {
  readonly task: string;
  readonly metric: string;
  readonly direction: Direction;
} {
  return classes === undefined
    ? { task: 'regression', metric: 'mean squared error', direction: 'minimize' }
    : { task: 'classification', metric: 'accuracy', direction: 'maximize' };
}
