import {
  type CompleteTrial,
  type Direction,
  figureOf,
  type Goal,
  InvalidArgumentError,
  type Json,
  objectivesOf,
  type Trial,
} from '@foothold/core';
import type { StudyData } from '@foothold/study';
import { type OptunaParameter, optunaParameters } from './optuna-distributions.ts';
import {
  constraintsKey,
  fixedParamsKey,
  markKey,
  metricNamesKey,
  type StudyMark,
  type TrialMark,
  unknownViolation,
} from './optuna-marks.ts';
import { standInsKey } from './stand-ins.ts';

/** A study as Optuna stores it. */
export interface OptunaRows {
  readonly name: string;
  readonly directions: readonly Direction[];
  readonly userAttributes: Attributes;
  readonly systemAttributes: Attributes;
  readonly trials: readonly OptunaRow[];
}

type Attributes = Readonly<Record<string, Json>>;

export interface OptunaRow {
  readonly state: 'RUNNING' | 'COMPLETE' | 'PRUNED' | 'FAIL' | 'WAITING';
  /** One an objective; none where there is no value. */
  readonly values: readonly number[];
  readonly params: readonly OptunaParameter[];
  readonly intermediateValues: readonly { readonly step: number; readonly value: number }[];
  readonly userAttributes: Attributes;
  readonly systemAttributes: Attributes;
  readonly startedAt?: number | undefined;
  readonly finishedAt?: number | undefined;
}

/**
 * The study for Optuna. Trials that run and what is enqueued wait there with their parameters; a pruned trial has its last intermediate
 * value, as Optuna gives it; what Optuna has no place for is in system attributes. Throws InvalidArgumentError for a
 * study without a space, and for a value that is none of its choices.
 */
export function optunaRows(name: string, study: StudyData): OptunaRows {
  const { space, goal, seed, facts, note, attributes = {}, edits, trials, queue } = study;
  if (!space)
    throw new InvalidArgumentError(
      'the space of the study',
      undefined,
      'one that JSON can hold: constraints that are functions have no form in Optuna; export CSV or JSON',
    );
  const parameters = optunaParameters(study);
  const mark: StudyMark = {
    version: 1,
    space,
    goal,
    seed,
    ...(facts && { facts }),
    ...(note !== undefined && { note }),
    ...(edits && { edits }),
  };
  const names = goal.objectives?.map(({ metric }) => metric);
  return {
    name,
    directions: objectivesOf(goal).map(({ direction }) => direction),
    userAttributes: attributes,
    systemAttributes: {
      [markKey]: mark as unknown as Json,
      ...(names && names.length > 1 && { [metricNamesKey]: names }),
    },
    trials: [
      ...trials.map((trial) => rowOf(trial, goal, parameters)),
      ...queue.map((params): OptunaRow => waiting({ [fixedParamsKey]: params })),
    ],
  };
}

function waiting(systemAttributes: Attributes, userAttributes: Attributes = {}): OptunaRow {
  return {
    state: 'WAITING',
    values: [],
    params: [],
    intermediateValues: [],
    userAttributes,
    systemAttributes,
  };
}

const states = { complete: 'COMPLETE', pruned: 'PRUNED', failed: 'FAIL' } as const;

function rowOf(trial: Trial, goal: Goal, parameters: ReturnType<typeof optunaParameters>): OptunaRow {
  const { params, reports, startedAt, finishedAt } = trial;
  const { [standInsKey]: standIns, ...userAttributes } = trial.attributes ?? {};
  const mark = markOf(trial, goal);
  const system: Attributes = Object.keys(mark).length > 0 ? { [markKey]: mark as unknown as Json } : {};
  if (trial.state === 'running') return waiting({ [fixedParamsKey]: params, ...system }, userAttributes);
  const left = Array.isArray(standIns) ? standIns : [];
  const limits = trial.state === 'complete' ? violations(trial, goal) : [];
  return {
    state: states[trial.state],
    values: valuesOf(trial, goal),
    params: parameters(
      trial,
      Object.keys(params).filter((name) => !left.includes(name)),
    ),
    intermediateValues: reports,
    userAttributes,
    systemAttributes: { ...(limits.length > 0 && { [constraintsKey]: limits }), ...system },
    startedAt,
    finishedAt,
  };
}

/** What Optuna has no place for. */
function markOf(trial: Trial, goal: Goal): TrialMark {
  const { note, loaded, startedAt } = trial;
  const objectives = objectivesOf(goal).map(({ metric }) => metric);
  const ofState = (): TrialMark => {
    if (trial.state === 'running') return { running: true, ...(startedAt !== undefined && { startedAt }) };
    if (trial.state === 'failed') return { reason: trial.reason };
    if (trial.state === 'pruned') return {};
    const { value, metrics, standardError } = trial;
    return {
      ...(!objectives.includes('value') && { value }),
      ...(metrics && { metrics }),
      ...(standardError !== undefined && { standardError }),
    };
  };
  return { ...ofState(), ...(note !== undefined && { note }), ...(loaded && { loaded }) };
}

function valuesOf(trial: Trial, goal: Goal): readonly number[] {
  if (trial.state === 'complete') return objectivesOf(goal).map(({ metric }) => figureOf(trial, metric));
  const last =
    trial.state === 'pruned'
      ? trial.reports.reduce<Trial['reports'][number] | undefined>(
          (a, b) => (a && a.step > b.step ? a : b),
          undefined,
        )
      : undefined;
  return last && objectivesOf(goal).length === 1 ? [last.value] : [];
}

/** Above 0 where a limit of the goal is broken, or a figure is missing. */
function violations(trial: CompleteTrial, { constraints = [] }: Goal): readonly number[] {
  return constraints.map((limit) => {
    const value = figureOf(trial, limit.metric);
    if (!Number.isFinite(value)) return unknownViolation;
    return 'atMost' in limit ? value - limit.atMost : limit.atLeast - value;
  });
}
