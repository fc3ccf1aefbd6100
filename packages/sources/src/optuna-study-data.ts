import type { Attributes, Goal, Outcome, Params, Trial } from '@foothold/core';
import type { ParameterSpace } from '@foothold/space';
import { constraintsOf, optunaGoal } from './optuna-goal.ts';
import {
  fixedParamsKey,
  markKey,
  type StudyMark,
  type TrialMark,
  trialMark,
  unknownViolation,
} from './optuna-marks.ts';
import { isEnded, type OptunaStudy, type OptunaTrial } from './optuna-study.ts';
import { isInside, isWhole, type StudySpace, spaceOfStudy } from './optuna-study-space.ts';
import { choiceValue } from './optuna-value.ts';
import { plainJson } from './plain-json.ts';
import type { ReadOptions, ReadStudy } from './read-study-options.ts';
import { SourceError } from './source-error.ts';
import { filledParams } from './stand-ins.ts';

/** What all trials of a study share. */
interface Context {
  readonly study: OptunaStudy;
  readonly space: ParameterSpace;
  readonly spaceFor: StudySpace['spaceFor'];
  readonly goal: Goal;
  readonly options: ReadOptions;
}

/**
 * A study of Optuna as a whole one of ours. Numbers stay as they are. A trial that runs, or waits before others, has no worker here: the next
 * ask gives it out; what waits at the end is the queue. Throws SourceError for what cannot be a study here, with what
 * to do.
 */
export function optunaStudyData(study: OptunaStudy, options: ReadOptions): ReadStudy {
  const mark = studyMark(study);
  const trials = [...study.trials.values()];
  const { description, space, spaceFor, edits, notes } = spaceOfStudy(study, trials, { mark, options });
  const goal = optunaGoal(study, mark);
  const context: Context = { study, space, spaceFor, goal, options };
  const { kept, queue } = keptTrials(trials, context);
  const attributes = attributesOf(study.userAttributes);
  return {
    name: study.name,
    study: {
      space: description,
      goal,
      seed: mark?.seed ?? 0,
      ...(mark?.facts && { facts: mark.facts }),
      ...(mark?.note !== undefined && { note: mark.note }),
      ...(attributes && { attributes }),
      ...(edits && { edits }),
      trials: kept,
      queue,
    },
    notes: [...notes, ...study.notes.lines(trials.length)],
  };
}

function studyMark({ systemAttributes, name }: OptunaStudy): StudyMark | undefined {
  const mark = systemAttributes.get(markKey) as StudyMark | undefined;
  if (mark === undefined) return undefined;
  if (mark?.version !== 1)
    throw new SourceError(
      `study ${JSON.stringify(name)} was exported in form ${JSON.stringify(mark?.version)}, known is 1: a newer version of this package reads it`,
    );
  return mark;
}

/** The trials with their numbers, and what waits for an ask. */
function keptTrials(
  trials: readonly OptunaTrial[],
  context: Context,
): { readonly kept: readonly Trial[]; readonly queue: readonly Params[] } {
  const { study, space, spaceFor } = context;
  const kept: Trial[] = [];
  const queue: Params[] = [];
  const runs = trials.map(
    (trial, number) =>
      !isEnded(trial) &&
      (trial.state === 'running' || trialMark(trial).running === true) &&
      isWhole(spaceFor(number, trial, openParams(trial)), openParams(trial)),
  );
  const last = trials.findLastIndex((trial, i) => isEnded(trial) || runs[i]);
  for (const [number, trial] of trials.entries()) {
    if (isEnded(trial)) {
      kept.push(endedTrial(number, trial, context));
      continue;
    }
    const params = openParams(trial);
    const about = aboutTrial(number, trial);
    if (number <= last && isWhole(spaceFor(number, trial, params), params)) {
      study.notes.add('trials that run or wait have no worker here: the next asks give them out');
      kept.push({ ...about, params, reports: [], state: 'running' });
      continue;
    }
    if (Object.keys(params).length > 0 && isInside(space, params)) {
      study.notes.add('trials that run or wait are enqueued with the parameters that they have');
      queue.push(params);
    } else study.notes.add('trials that run or wait without parameters of the space are left out');
    if (number > last) continue;
    const { whole, notes } = filledParams(params, { ...context, number, isStandIn: true });
    kept.push({
      ...about,
      ...notes(about),
      params: whole,
      reports: [],
      state: 'failed',
      reason: 'it had not ended when the study was imported',
    });
  }
  return { kept, queue };
}

/** Parameters of a trial that has not ended. */
function openParams({ params, systemAttributes }: OptunaTrial): Params {
  const fixed = systemAttributes.get(fixedParamsKey);
  const given = typeof fixed === 'object' && fixed !== null ? Object.entries(fixed) : [];
  return {
    ...Object.fromEntries(given.map(([name, value]) => [name, choiceValue(value)])),
    ...Object.fromEntries(params),
  };
}

/** Everything of a trial but its parameters, reports and outcome. */
function aboutTrial(number: number, trial: OptunaTrial) {
  const attributes = attributesOf(trial.userAttributes);
  const { note, startedAt = trial.startedAt } = trialMark(trial);
  return {
    number,
    ...(startedAt !== undefined && { startedAt }),
    ...(trial.finishedAt !== undefined && isEnded(trial) && { finishedAt: trial.finishedAt }),
    ...(attributes && { attributes }),
    ...(note !== undefined && { note }),
  };
}

function endedTrial(number: number, trial: OptunaTrial, context: Context): Trial {
  const outcome = outcomeOf(trial, context);
  const params = Object.fromEntries(trial.params);
  const { whole, notes } = filledParams(params, {
    ...context,
    space: context.spaceFor(number, trial, params),
    number,
    isStandIn: outcome.state !== 'complete',
  });
  const about = aboutTrial(number, trial);
  const mark = trialMark(trial);
  return {
    ...about,
    ...notes(about),
    params: whole,
    reports: reportsOf(trial, context),
    ...(mark.loaded && { loaded: true }),
    ...outcome,
  };
}

function reportsOf(trial: OptunaTrial, { study }: Context): Trial['reports'] {
  const { intermediateValues, state, values } = trial;
  const all = [...intermediateValues].sort(([a], [b]) => a - b);
  if (all.length === 0 && state === 'pruned' && values[0] !== undefined) {
    study.notes.add('pruned trials with a value and no intermediate one have it at step 0');
    return [{ step: 0, value: values[0] }];
  }
  return all.flatMap(([step, value]) => {
    if (Number.isFinite(value) && Number.isSafeInteger(step) && step >= 0) return [{ step, value }];
    study.notes.add('intermediate values that are not finite are left out');
    return [];
  });
}

function outcomeOf(trial: OptunaTrial, { study, goal }: Context): Outcome {
  const { state, values } = trial;
  const mark = trialMark(trial);
  if (state === 'pruned') return { state };
  if (state === 'failed') return { state, reason: mark.reason ?? 'failed in Optuna' };
  const names = goal.objectives?.map(({ metric }) => metric) ?? ['value'];
  if (names.some((_, k) => values[k] === undefined)) {
    study.notes.add('values that are not finite count as failures');
    return { state: 'failed', reason: 'its value in Optuna was not finite' };
  }
  const objectives = Object.fromEntries(
    names.flatMap((name, k) => (name === 'value' ? [] : [[name, values[k]!]])),
  );
  const metrics = { ...mark.metrics, ...limited(trial, goal, mark), ...objectives };
  const at = names.indexOf('value');
  return {
    state: 'complete',
    value: at >= 0 ? values[at]! : (mark.value ?? values[0]!),
    ...(mark.standardError !== undefined && { standardError: mark.standardError }),
    ...(Object.keys(metrics).length > 0 && { metrics }),
  };
}

/** Metrics that Optuna has as constraints only: what is added to the limit. */
function limited(
  trial: OptunaTrial,
  { constraints = [] }: Goal,
  mark: TrialMark,
): Readonly<Record<string, number>> {
  const found = constraintsOf(trial);
  const byPosition = [...found.values()];
  return Object.fromEntries(
    constraints.flatMap((limit, k) => {
      const over = found.get(limit.metric) ?? byPosition[k];
      if (
        over === undefined ||
        over === unknownViolation ||
        limit.metric === 'value' ||
        mark.metrics?.[limit.metric] !== undefined
      )
        return [];
      return [[limit.metric, 'atMost' in limit ? limit.atMost + over : limit.atLeast - over]];
    }),
  );
}

function attributesOf(given: ReadonlyMap<string, unknown>): Attributes | undefined {
  if (given.size === 0) return undefined;
  return Object.fromEntries([...given].map(([name, value]) => [name, plainJson(value)]));
}
