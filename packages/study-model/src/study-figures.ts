/** What was found in a study, in figures: what a report states. */
import {
  type CompleteTrial,
  type Direction,
  figureOf,
  type LinearAlgebra,
  objectivesOf,
  type Params,
  type Trial,
  UnsupportedError,
} from '@foothold/core';
import {
  bestTrial,
  comparableTrials,
  loggedFidelities,
  paretoFront,
  type StudyState,
  type TrialCounts,
  trialCounts,
} from '@foothold/study';
import { beliefAt } from './belief-at.ts';
import { type GainFigures, gainFigures } from './gain-figures.ts';
import { type ModelImportance, modelImportance, type ParameterImportance } from './model-importance.ts';
import type { ModelInput } from './model-input.ts';
import { modelInputOf } from './model-input-of.ts';
import { pointsOf, type StudyModel, studyModel } from './study-model.ts';
import { suggestedPoints } from './suggested-points.ts';

/** A belief at one point, before noise, in the study's units: mean and a central 90 % interval. */
export interface BeliefFigures {
  readonly mean: number;
  readonly low: number;
  readonly high: number;
}

export interface StudyFigures {
  readonly study: string;
  /** The figure that is optimized, and what is wanted of it; the first of several objectives. */
  readonly metric: string;
  readonly direction: Direction;
  /** Objectives in all. */
  readonly objectives: number;
  /** Trials of the Pareto front, with several objectives. */
  readonly front?: number;
  readonly parameters: number;
  readonly trials: TrialCounts & { readonly total: number };
  /** Absent where no trial keeps the limits, and in a study whose values do not compare. */
  readonly best?: {
    readonly trial: number;
    readonly params: Params;
    readonly value: number;
    /** What the model believes there. */
    readonly belief?: BeliefFigures;
  };
  readonly gains: readonly GainFigures[];
  /** Most frequent first, at most five. */
  readonly failures: readonly { readonly reason: string; readonly trials: number }[];
  /** The steps of the last reports of pruned trials. */
  readonly pruned?: { readonly firstStep: number; readonly lastStep: number };
  /** Absent where the study has too few trials for a model, or its log does not describe its space. */
  readonly model?: ModelFigures;
}

export interface ModelFigures {
  /** Trials that the model learned from. */
  readonly trials: number;
  /** Estimated standard deviation of the noise in one value, where values are about average. */
  readonly noise?: number;
  /** False where the model sees no variation: the importance is then 0. */
  readonly varies: boolean;
  /** By importance with interactions, largest first. */
  readonly importance: readonly (ParameterImportance & { readonly rank: number })[];
  /** Pairs that explain a hundredth or more beyond both alone, largest first, at most five. */
  readonly pairs: ModelImportance['pairs'];
  /** Points that log expected improvement would try next. */
  readonly next: readonly (BeliefFigures & {
    readonly params: Params;
    /** Probability of a better value than the best one. */
    readonly better: number;
  })[];
}

export interface StudyFiguresOptions {
  readonly linalg: LinearAlgebra;
  /** Called between two parts of the work; throws to end it. */
  pause(): Promise<void>;
  /** How many next points. Default: 3. */
  readonly next?: number | undefined;
}

/**
 * The figures of a study in this state: counts, the best trial, the gain, and what a Gaussian process of its trials shows (`studyModel`,
 * `modelImportance`). The same state has the same figures. Throws UnsupportedError for a log without a study.
 */
export async function studyFigures(
  name: string,
  state: StudyState,
  options: StudyFiguresOptions,
): Promise<StudyFigures> {
  const { trials, space, created, goal = created?.goal } = state;
  if (!goal) throw new UnsupportedError('a log without a study', 'its figures');
  const { direction, metric } = objectivesOf(goal)[0]!;
  const objectives = objectivesOf(goal).length;
  const compared = comparableTrials(state);
  const best = bestTrial(compared, goal);
  const input = space && compared.length > 0 ? modelInputOf(state) : undefined;
  const model = input && best && (await studyModel(input, options.linalg));
  const atBest = model && best && model.best.number === best.number ? model.best.params : undefined;
  const counts = trialCounts(trials);
  const pruned = prunedSteps(trials);
  return {
    ...{ study: name, metric, direction, objectives },
    ...(objectives > 1 && { front: paretoFront(compared, goal).length }),
    parameters: Object.keys(space ?? trials[0]?.params ?? {}).filter((key) => !key.startsWith('$')).length,
    trials: { ...counts, total: trials.length },
    ...(best && {
      best: {
        ...{ trial: best.number, params: best.params, value: figureOf(best, metric) },
        ...(atBest && { belief: (await beliefsAt(model!, [atBest]))[0]! }),
      },
    }),
    gains: best ? gainFigures(compared, { best, goal, metric, space }) : [],
    failures: failuresOf(trials),
    ...(pruned && { pruned }),
    ...(model && { model: await modelFigures(model, input!, { ...options, fixed: fixedOf(state, best!) }) }),
  };
}

async function modelFigures(
  model: StudyModel,
  input: ModelInput,
  { pause, linalg, next = 3, fixed }: StudyFiguresOptions & { readonly fixed: Params | undefined },
): Promise<ModelFigures> {
  const { parameters, pairs, varies } = await modelImportance(model, { pause });
  await pause();
  const points = next > 0 ? await suggestedPoints(input, { linalg, count: next, fixed }) : [];
  const beliefs = await beliefsAt(model, points);
  const noise = noiseOf(model);
  return {
    trials: model.trials,
    ...(noise !== undefined && { noise }),
    varies,
    importance: [...parameters]
      .sort((a, b) => b.total.share - a.total.share)
      .map((parameter, i) => ({ rank: i + 1, ...parameter })),
    pairs: pairs.filter(({ share }) => share >= 0.01).slice(0, 5),
    next: points.map((params, i) => ({ params, ...beliefs[i]! })),
  };
}

async function beliefsAt(model: StudyModel, params: readonly Params[]) {
  if (params.length === 0) return [];
  const { mean, low, high, better } = await beliefAt(model, pointsOf(model, params));
  return params.map((_, i) => ({ mean: mean[i]!, low: low[i]!, high: high[i]!, better: better[i]! }));
}

/** As the explanation of the fit has it. */
function noiseOf({ posterior }: StudyModel): number | undefined {
  const { noise } = (posterior.why?.['gaussianProcess'] ?? {}) as { readonly noise?: unknown };
  return typeof noise === 'number' ? noise : undefined;
}

/** Of a study of several fidelities the next points have that of the best trial, which is the target. */
function fixedOf(state: StudyState, best: CompleteTrial): Params | undefined {
  const parameter = loggedFidelities(state)?.parameter;
  const value = parameter === undefined ? undefined : best.params[parameter];
  return value === undefined ? undefined : { [parameter!]: value };
}

function failuresOf(trials: readonly Trial[]): StudyFigures['failures'] {
  const counts = new Map<string, number>();
  for (const trial of trials)
    if (trial.state === 'failed') counts.set(trial.reason, (counts.get(trial.reason) ?? 0) + 1);
  return [...counts]
    .map(([reason, count]) => ({ reason, trials: count }))
    .sort((a, b) => b.trials - a.trials)
    .slice(0, 5);
}

function prunedSteps(trials: readonly Trial[]): StudyFigures['pruned'] {
  const steps = trials
    .filter(({ state }) => state === 'pruned')
    .flatMap(({ reports }) => reports.at(-1)?.step ?? [])
    .sort((a, b) => a - b);
  return steps.length > 0 ? { firstStep: steps[0]!, lastStep: steps.at(-1)! } : undefined;
}
