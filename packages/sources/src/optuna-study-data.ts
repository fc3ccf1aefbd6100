import {
  type Attributes,
  type Goal,
  type Outcome,
  OutOfSpaceError,
  type Params,
  type SpaceDescription,
  type Trial,
} from '@foothold/core';
import { type ParameterSpace, spaceOf } from '@foothold/space';
import { constraintsOf, optunaGoal } from './optuna-goal.ts';
import { fixedParamsKey, markKey, type StudyMark, type TrialMark } from './optuna-marks.ts';
import { optunaSpace } from './optuna-space.ts';
import { isEnded, type OptunaStudy, type OptunaTrial } from './optuna-study.ts';
import { choiceValue } from './optuna-value.ts';
import { plainJson } from './plain-json.ts';
import type { ReadOptions, ReadStudy } from './read-study-options.ts';
import { SourceError } from './source-error.ts';
import { filledParams } from './stand-ins.ts';

/** What all trials of a study share. */
interface Context {
  readonly study: OptunaStudy;
  readonly space: ParameterSpace;
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
  const { description, space, notes } = spaceFor(study, trials, { mark, options });
  const goal = optunaGoal(study, mark);
  const context: Context = { study, space, goal, options };
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
      trials: kept,
      queue,
    },
    notes: [...notes, ...study.notes.lines(trials.length)],
  };
}

interface Space {
  readonly description: SpaceDescription;
  readonly space: ParameterSpace;
  readonly notes: readonly string[];
}

/** The space that is given, that of the study which was exported, or the one that the trials had. */
function spaceFor(
  study: OptunaStudy,
  trials: readonly OptunaTrial[],
  { mark, options }: { readonly mark: StudyMark | undefined; readonly options: ReadOptions },
): Space {
  const given = options.space ?? (mark?.space && holds(mark.space, trials) ? mark.space : undefined);
  if (given) return { description: given, space: spaceOf(given), notes: [] };
  const { space, notes } = optunaSpace(trials);
  if (Object.keys(space).length === 0)
    throw new SourceError(
      `study ${JSON.stringify(study.name)} has no trial with parameters: import it with --space, which says what they are`,
    );
  return { description: space, space: spaceOf(space), notes };
}

/** True where every complete trial lies in the space: nobody has gone on with other parameters. */
function holds(description: SpaceDescription, trials: readonly OptunaTrial[]): boolean {
  try {
    const space = spaceOf(description);
    return trials.every(
      ({ state, params }) => state !== 'complete' || isWhole(space, Object.fromEntries(params)),
    );
  } catch {
    return false;
  }
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

function trialMark({ systemAttributes }: OptunaTrial): TrialMark {
  const mark = systemAttributes.get(markKey);
  return typeof mark === 'object' && mark !== null ? (mark as TrialMark) : {};
}

/** The trials with their numbers, and what waits for an ask. */
function keptTrials(
  trials: readonly OptunaTrial[],
  context: Context,
): { readonly kept: readonly Trial[]; readonly queue: readonly Params[] } {
  const { study, space } = context;
  const kept: Trial[] = [];
  const queue: Params[] = [];
  const runs = trials.map(
    (trial) =>
      !isEnded(trial) &&
      (trial.state === 'running' || trialMark(trial).running === true) &&
      isWhole(space, openParams(trial)),
  );
  const last = trials.findLastIndex((trial, i) => isEnded(trial) || runs[i]);
  for (const [number, trial] of trials.entries()) {
    if (isEnded(trial)) {
      kept.push(endedTrial(number, trial, context));
      continue;
    }
    const params = openParams(trial);
    const about = aboutTrial(number, trial);
    if (number <= last && isWhole(space, params)) {
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

/** True for all parameters of a trial. */
function isWhole(space: ParameterSpace, params: Params): boolean {
  return succeeds(() => space.encode(params));
}

/** True for parameters of a trial, all or some. */
function isInside(space: ParameterSpace, params: Params): boolean {
  return succeeds(() => space.coordinates(params));
}

function succeeds(work: () => unknown): boolean {
  try {
    work();
    return true;
  } catch (error) {
    if (error instanceof OutOfSpaceError) return false;
    throw error;
  }
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
  const { whole, notes } = filledParams(Object.fromEntries(trial.params), {
    ...context,
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
      if (over === undefined || limit.metric === 'value' || mark.metrics?.[limit.metric] !== undefined)
        return [];
      return [[limit.metric, 'atMost' in limit ? limit.atMost + over : limit.atLeast - over]];
    }),
  );
}

function attributesOf(given: ReadonlyMap<string, unknown>): Attributes | undefined {
  if (given.size === 0) return undefined;
  return Object.fromEntries([...given].map(([name, value]) => [name, plainJson(value)]));
}
