/** The checks and the events of an edit of a study's space and goal. */
import {
  type Goal,
  InvalidArgumentError,
  type Params,
  type SpaceDescription,
  StorageError,
  type StudyEvent,
  UnsupportedError,
} from '@foothold/core';
import { type ParameterSpace, spaceOf } from '@foothold/space';
import { checkedGoal, refuseWithoutFidelity } from '../goal.ts';
import { canonical, throughJson } from '../log/canonical.ts';
import type { Plan } from '../log/log-calls.ts';
import { refusalOf } from '../refusal-of.ts';
import type { LiveState } from '../state/study-state.ts';
import { isInCube, outsideOf } from './outside-of.ts';
import { presentTrials } from './present-trials.ts';

/** Another space, another goal, or both. What is left out stays. */
export interface StudyChange {
  /** The whole new space, as JSON: `searchSpace({…}).description`. */
  readonly space?: SpaceDescription | undefined;
  /** The whole new goal: the same objectives, directions and fidelity, other constraints, cost or `repeat`. */
  readonly goal?: Goal | undefined;
  /** What earlier trials have for parameters that they lack: a value for each that is added. */
  readonly values?: Params | undefined;
}

/** What an edit did. */
export interface StudyEditResult {
  /** False where the study was so already: nothing is written. */
  readonly changed: boolean;
  /** Numbers of the trials that are not in the space now. */
  readonly outside: readonly number[];
  /** What was enqueued and cannot be asked any more: it is taken from the queue. */
  readonly dequeued: readonly Params[];
}

/** The events of this edit. Throws InvalidArgumentError, OutOfSpaceError, UnsupportedError, StorageError where there is no study. */
export function editPlan(name: string, state: LiveState, change: StudyChange): Plan<StudyEditResult> {
  const { created } = state;
  if (!created) throw new StorageError(`${name}: there is no such study to edit`);
  const goal = change.goal && changedGoal(state.goal ?? created.goal, change.goal);
  const space = change.space && changedSpace(state, change);
  if (change.values && !change.space)
    throw new InvalidArgumentError(
      'values',
      change.values,
      'given with the space that adds their parameters',
    );
  if (!space && !goal)
    return { events: [], answer: () => ({ changed: false, outside: outsideNow(state), dequeued: [] }) };
  const event: StudyEvent = {
    type: 'edited',
    ...(space?.description && { space: space.description }),
    ...(goal && { goal }),
    ...(space && change.values && { values: change.values }),
  };
  const queue = space ? queueIn(space, state, change.values ?? {}) : { events: [], dequeued: [] };
  return {
    events: [event, ...queue.events],
    answer: () => ({ changed: true, outside: outsideNow(state), dequeued: queue.dequeued }),
  };
}

/** The new goal; undefined where it is the old one. */
function changedGoal(now: Goal, given: Goal): Goal | undefined {
  const goal = throughJson(checkedGoal(given));
  for (const part of ['direction', 'objectives', 'fidelity'] as const)
    if (canonical(goal[part] ?? null) !== canonical(now[part] ?? null))
      throw new InvalidArgumentError(
        `goal.${part}`,
        goal[part],
        `that of the study, ${canonical(now[part] ?? null)}: what its trials are compared by cannot change; make another study`,
      );
  return canonical(goal) === canonical(now) ? undefined : goal;
}

/** The new space; undefined where it is the old one. */
function changedSpace(
  state: LiveState,
  { space: given, values = {} }: StudyChange,
): ParameterSpace | undefined {
  const { space: now, count } = state;
  if (!now)
    throw new UnsupportedError(
      'an edit of the space',
      'this study',
      'its log does not describe the space (it has constraints that are functions)',
    );
  const space = spaceOf(given);
  const description = space.description!;
  for (const [name, parameter] of Object.entries(description)) {
    if (name === '$constraints') continue;
    const before = now[name];
    if (before && before.type !== parameter.type)
      throw new InvalidArgumentError(
        `the type of ${name}`,
        parameter.type,
        `that of the study, ${JSON.stringify(before.type)}; a parameter of another type takes another name`,
      );
    if (!before && !Object.hasOwn(values, name) && count > 0)
      throw new InvalidArgumentError(
        `values.${name}`,
        undefined,
        `a value of the new parameter ${name}: what the ${count} trials that the study has were evaluated with`,
      );
  }
  for (const [name, value] of Object.entries(values)) {
    if (!Object.hasOwn(description, name))
      throw new InvalidArgumentError(
        `values.${name}`,
        value,
        `given for parameters of the new space only: ${Object.keys(description)}`,
      );
    space.coordinates!({ [name]: value });
  }
  refuseWithoutFidelity(space, state.goal ?? {});
  const isSame =
    canonical(description) === canonical(now) && Object.keys(description).join() === Object.keys(now).join();
  return isSame ? undefined : space;
}

/** What becomes of the queue: entries that were whole take the values of added parameters, others stay, and what cannot be asked goes. */
function queueIn(space: ParameterSpace, state: LiveState, values: Params) {
  const events: StudyEvent[] = [];
  const dequeued: Params[] = [];
  const old = spaceOf(state.space);
  for (const entry of state.queue as readonly Params[]) {
    const isWhole = isInCube(old, entry);
    const more = isWhole ? missing(values, entry) : {};
    const next = Object.keys(more).length > 0 ? { ...entry, ...more } : entry;
    const fault = isWhole ? outsideOf(space, next) : refusalOf(() => space.coordinates!(next));
    if (fault === undefined && next === entry) continue;
    events.push({
      type: 'dequeued',
      params: entry,
      reason: fault ?? 'it takes the values of parameters that were added',
    });
    if (fault === undefined) events.push({ type: 'enqueued', params: next });
    else dequeued.push(entry);
  }
  return { events, dequeued };
}

function missing(values: Params, entry: Params): Params {
  return Object.fromEntries(Object.entries(values).filter(([name]) => !Object.hasOwn(entry, name)));
}

function outsideNow({ trials, space, edits }: LiveState): readonly number[] {
  const present = space && presentTrials({ edits: edits ?? [] }, spaceOf(space));
  return present
    ? trials.filter((trial) => present.marked(trial).outside !== undefined).map(({ number }) => number)
    : [];
}
