/**
 * What a study of ours has and Optuna has no place for, kept in Optuna's system attributes: Optuna carries it along, its users do not
 * see it among their own attributes, and the import of an exported study finds it again.
 */
import type { Attributes, Goal, SpaceDescription } from '@foothold/core';
import type { StudyData } from '@foothold/study';

/** System attributes of Optuna itself. */
export const metricNamesKey = 'study:metric_names';
export const constraintsKey = 'constraints';
export const fixedParamsKey = 'fixed_params';

/**
 * How much a limit is broken by whose figure a trial lacks: the limit came with a later edit. As here, such a trial is not the best one; for
 * Optuna a finite number, as JSON has no others.
 */
export const unknownViolation = Number.MAX_VALUE;

/** Name of the system attribute, of a study and of a trial. */
export const markKey = 'foothold';

/** Of a study. */
export interface StudyMark {
  readonly version: 1;
  readonly space?: SpaceDescription;
  readonly goal: Goal;
  readonly seed: number;
  readonly facts?: Attributes;
  readonly note?: string;
  readonly edits?: StudyData['edits'];
}

/** Of a trial; what a trial does not have is absent. */
export interface TrialMark {
  readonly value?: number;
  readonly metrics?: Readonly<Record<string, number>>;
  readonly standardError?: number;
  readonly reason?: string;
  readonly note?: string;
  readonly loaded?: true;
  /** The trial was running here, without a worker; in Optuna it waits. */
  readonly running?: true;
  /** When such a trial was asked for: what waits has no time in Optuna. */
  readonly startedAt?: number;
}

/** What the export said of a trial; empty for one of Optuna itself. */
export function trialMark({
  systemAttributes,
}: {
  readonly systemAttributes: ReadonlyMap<string, unknown>;
}): TrialMark {
  const mark = systemAttributes.get(markKey);
  return typeof mark === 'object' && mark !== null ? (mark as TrialMark) : {};
}
