import {
  type CompleteTrial,
  type Direction,
  figureOf,
  type Goal,
  InvalidArgumentError,
  type Json,
  objectivesOf,
  type ParameterDescription,
  type Params,
  type SpaceDescription,
  type Trial,
} from '@foothold/core';
import { spaceOf } from '@foothold/space';
import type { StudyData } from '@foothold/study';
import {
  constraintsKey,
  fixedParamsKey,
  markKey,
  metricNamesKey,
  type StudyMark,
  type TrialMark,
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
  readonly params: readonly {
    readonly name: string;
    readonly internal: number;
    readonly distribution: string;
  }[];
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
  const { space, goal, seed, facts, note, attributes = {}, trials, queue } = study;
  if (!space)
    throw new InvalidArgumentError(
      'the space of the study',
      undefined,
      'one that JSON can hold: constraints that are functions have no form in Optuna; export CSV or JSON',
    );
  const distributions = new Map(
    Object.entries(space)
      .filter(([parameter]) => !parameter.startsWith('$'))
      .map(([parameter, description]) => [parameter, distributionOf(parameter, description)]),
  );
  const mark: StudyMark = {
    version: 1,
    space,
    goal,
    seed,
    ...(facts && { facts }),
    ...(note !== undefined && { note }),
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
      ...trials.map((trial) => rowOf(trial, goal, distributions)),
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

type Distributions = ReadonlyMap<string, Distribution>;

const states = { complete: 'COMPLETE', pruned: 'PRUNED', failed: 'FAIL' } as const;

function rowOf(trial: Trial, goal: Goal, distributions: Distributions): OptunaRow {
  const { params, reports, startedAt, finishedAt, number } = trial;
  const { [standInsKey]: standIns, ...userAttributes } = trial.attributes ?? {};
  const mark = markOf(trial, goal);
  const system: Attributes = Object.keys(mark).length > 0 ? { [markKey]: mark as unknown as Json } : {};
  if (trial.state === 'running') return waiting({ [fixedParamsKey]: params, ...system }, userAttributes);
  const left = Array.isArray(standIns) ? standIns : [];
  const limits = trial.state === 'complete' ? violations(trial, goal) : [];
  return {
    state: states[trial.state],
    values: valuesOf(trial, goal),
    params: Object.entries(params)
      .filter(([name]) => !left.includes(name))
      .map(([name, value]) => {
        const distribution = distributions.get(name);
        if (!distribution)
          throw new InvalidArgumentError(
            `trial ${number}`,
            name,
            `parameters of the study: ${[...distributions.keys()]}`,
          );
        return { name, internal: distribution.internal(value, number), distribution: distribution.json };
      }),
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

/** Above 0 where a limit of the goal is broken. */
function violations(trial: CompleteTrial, { constraints = [] }: Goal): readonly number[] {
  return constraints.map((limit) => {
    const value = figureOf(trial, limit.metric);
    return 'atMost' in limit ? value - limit.atMost : limit.atLeast - value;
  });
}

interface Distribution {
  readonly json: string;
  /** The value as Optuna stores it. */
  internal(value: Params[string], trial: number): number;
}

function distributionOf(name: string, description: ParameterDescription): Distribution {
  if (description.type === 'categorical' || description.type === 'ordinal') {
    const choices: readonly Params[string][] = description.choices;
    return {
      json: `{"name": "CategoricalDistribution", "attributes": {"choices": ${JSON.stringify(choices)}}}`,
      internal: (value, trial) => {
        const at = choices.indexOf(value);
        if (at < 0)
          throw new InvalidArgumentError(
            `${name} of trial ${trial}`,
            value,
            `one of ${JSON.stringify(choices)}`,
          );
        return at;
      },
    };
  }
  const { type, low, log = false, step } = description;
  const high = lastOf(name, description);
  const internal = (value: Params[string], trial: number) => {
    if (typeof value !== 'number')
      throw new InvalidArgumentError(`${name} of trial ${trial}`, value, 'a number');
    return value;
  };
  return type === 'int'
    ? {
        json: `{"name": "IntDistribution", "attributes": {"log": ${log}, "step": ${step ?? 1}, "low": ${low}, "high": ${high}}}`,
        internal,
      }
    : {
        json: `{"name": "FloatDistribution", "attributes": {"step": ${step === undefined ? null : float(step)}, "low": ${float(low)}, "high": ${float(high)}, "log": ${log}}}`,
        internal,
      };
}

/** The largest value: Optuna wants a high that is one. */
function lastOf(
  name: string,
  description: Extract<ParameterDescription, { readonly type: 'real' | 'int' }>,
): number {
  const { when: _, default: __, ...alone } = description;
  if (alone.step === undefined) return alone.high;
  return Number(spaceOf({ [name]: alone } as SpaceDescription).decode(Float64Array.of(1))[name]);
}

/** A number that Python reads as one with a decimal point. */
function float(value: number): string {
  const text = String(value);
  return /^-?\d+$/.test(text) ? `${text}.0` : text;
}
