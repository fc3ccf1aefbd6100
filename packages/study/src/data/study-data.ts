import type { Attributes, Goal, Params, SpaceDescription, StudyEvent, Trial } from '@foothold/core';
import type { StudyEdit } from '../edits/study-edits.ts';
import type { StudyState } from '../state/study-state.ts';

/** A whole study as values: what is exported, and what a file of another program holds. */
export interface StudyData {
  /** Absent where JSON cannot hold it. */
  readonly space?: SpaceDescription | undefined;
  readonly goal: Goal;
  readonly seed: number;
  /** How trials are evaluated: the command, the metric. */
  readonly facts?: Attributes | undefined;
  readonly attributes?: Attributes | undefined;
  readonly note?: string | undefined;
  /** The edits of the space and the goal, in their order; `space` and `goal` are those after the last. Absent where there are none. */
  readonly edits?: readonly Omit<StudyEdit, 'event'>[] | undefined;
  /** Numbers of deleted trials, in order: they are missing among `trials`. Absent where there are none. */
  readonly deleted?: readonly number[] | undefined;
  /** In order of their numbers, from 0. */
  readonly trials: readonly Trial[];
  /** Parameters that wait to be asked, of a whole trial or some. */
  readonly queue: readonly Params[];
}

/** The study that a log says, with the space and goal that it has now; undefined for a log without events. */
export function studyDataOf(state: StudyState): StudyData | undefined {
  const { created, facts, attributes, note, trials, queue, space, edits, deleted } = state;
  if (!created) return undefined;
  const { seed } = created;
  const { goal = created.goal } = state;
  return {
    ...(space && { space }),
    goal,
    seed,
    ...(facts && { facts }),
    ...(attributes && { attributes }),
    ...(note !== undefined && { note }),
    ...(edits && { edits: edits.map(({ event: _, ...edit }) => edit) }),
    ...(deleted.size > 0 && { deleted: [...deleted.keys()].sort((a, b) => a - b) }),
    trials,
    queue: queue as readonly Params[],
  };
}

/** Who is said to have asked for the trials of an imported study. */
const owner = 'import';

/**
 * The log of a new study with this state. Trials count as asked for by somebody who chose the parameters, at the times that
 * they have; running ones have no worker, so that the next asks give them out. The numbers of deleted
 * ones go to those that follow.
 */
export function* eventsOf(study: StudyData): Generator<StudyEvent, void> {
  const { seed, facts, attributes, note, trials, queue, edits = [] } = study;
  const { space = study.space, goal = study.goal } = befores(edits);
  const started = trials.find(({ startedAt }) => startedAt !== undefined)?.startedAt;
  yield { type: 'created', ...(space && { space }), goal, seed, format: 2, ...at(started) };
  if (facts) yield { type: 'described', facts };
  yield* noted({ attributes, note });
  yield* editedTrials(study);
  for (const params of queue) yield { type: 'enqueued', params };
}

/** The trials with the edits between them. */
function* editedTrials(study: StudyData): Generator<StudyEvent, void> {
  const { trials, edits = [], deleted = [] } = study;
  let next = 0;
  let missing = 0;
  for (const trial of trials) {
    for (; next < edits.length && edits[next]!.trials <= trial.number; next++) yield editedEvent(study, next);
    while (missing < deleted.length && deleted[missing]! < trial.number) missing++;
    yield* trialEvents({ ...trial, number: trial.number - missing });
  }
  for (; next < edits.length; next++) yield editedEvent(study, next);
}

/** The space and the goal that these edits found; each absent where none of them changed it. */
function befores(edits: NonNullable<StudyData['edits']>): Partial<Pick<StudyData, 'space' | 'goal'>> {
  const space = edits.find(({ before }) => before)?.before;
  const goal = edits.find(({ goalBefore }) => goalBefore)?.goalBefore;
  return { ...(space && { space }), ...(goal && { goal }) };
}

/** The edit of this index. A file of an earlier version does not say what the goal was before it: then it is the last one. */
function editedEvent({ edits = [], ...last }: StudyData, index: number): StudyEvent {
  const { at: time, values, space: isOfSpace, goalBefore } = edits[index]!;
  const { space = last.space, goal = last.goal } = befores(edits.slice(index + 1));
  const isEdited = isOfSpace && space !== undefined;
  return {
    type: 'edited',
    ...(isEdited && { space }),
    ...((goalBefore || !isEdited) && { goal }),
    ...(Object.keys(values).length > 0 && { values }),
    ...at(time),
  };
}

function at(time: number | undefined): { readonly at?: number } {
  return time === undefined ? {} : { at: time };
}

function noted(
  { attributes, note }: { readonly attributes?: Attributes | undefined; readonly note?: string | undefined },
  about: { readonly number?: number; readonly at?: number } = {},
): readonly StudyEvent[] {
  if (attributes === undefined && note === undefined) return [];
  return [
    { type: 'noted', ...about, ...(attributes && { attributes }), ...(note !== undefined && { note }) },
  ];
}

function trialEvents(trial: Trial): readonly StudyEvent[] {
  const {
    number,
    params,
    reports,
    why,
    samplerState,
    loaded,
    startedAt,
    finishedAt,
    attributes,
    note,
    ...rest
  } = trial;
  const notes = noted({ attributes, note }, { number, ...at(finishedAt ?? startedAt) });
  if (loaded && rest.state !== 'running')
    return [
      {
        ...{ type: 'loaded', number, params, outcome: rest },
        ...(samplerState && { samplerState }),
        ...at(finishedAt),
      },
      ...notes,
    ];
  return [
    {
      type: 'asked',
      number,
      params,
      lease: { owner },
      queued: true,
      ...(why && { why }),
      ...(samplerState && { samplerState }),
      ...at(startedAt),
    },
    ...reports.map(
      ({ step, value, metrics }): StudyEvent => ({
        ...{ type: 'reported', number, step, value },
        ...(metrics && { metrics }),
      }),
    ),
    rest.state === 'running'
      ? { type: 'expired', number }
      : { type: 'told', number, outcome: rest, ...at(finishedAt) },
    ...notes,
  ];
}
