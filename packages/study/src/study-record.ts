import { type Json, type Notes, type Params, type Storage, StorageError } from '@foothold/core';
import { editPlan, type StudyChange, type StudyEditResult } from './edits/edit-plan.ts';
import { canonical } from './log/canonical.ts';
import type { Plan } from './log/log-calls.ts';
import { type StudyLog, studyLog } from './log/study-log.ts';
import { checkedNotes } from './plans/checked-notes.ts';
import { deletePlan, notedEvents, notePlan, releaseEvents, restorePlan } from './plans/study-plans.ts';
import { storedPart } from './state/stored-part.ts';
import type { LiveState, StudyState } from './state/study-state.ts';

/** A stored study as its log says, without its space and sampler: for programs that look before they open it. */
export interface StudyRecord {
  /** The state now; without `created` when there is no study of this name. */
  state(): Promise<StudyState>;
  /** How many trials it has now. `state` copies them, this does not. */
  trialCount(): Promise<number>;
  /** How many events its log has now: where the log ends. `state` copies the trials, this does not. */
  length(): Promise<number>;
  /** Records how trials are evaluated from here on. Throws StorageError for a study that does not exist, InvalidArgumentError for facts that are no JSON. */
  describe(facts: { readonly [key: string]: Json }): Promise<void>;
  /**
   * Writes attributes and a note of the study. A function gives them as they follow from those that it has, and no other writer comes in
   * between: it may be called several times, and what its last call throws is thrown. Throws StorageError for a study that does not exist,
   * InvalidArgumentError for what JSON cannot hold.
   */
  note(notes: Notes | ((now: Notes) => Notes)): Promise<void>;
  /**
   * Deletes trials, whatever their states, all or none: they count nowhere from here on, the log keeps them, and their numbers are not
   * given again. Returns how many were not deleted before. Throws TrialStateError for a trial that there is not.
   */
  deleteTrials(numbers: readonly number[]): Promise<number>;
  /** Restores deleted trials, all or none; returns how many were deleted. Throws TrialStateError for a trial that there is not. */
  restoreTrials(numbers: readonly number[]): Promise<number>;
  /**
   * Gives running trials back, whoever has them, all or none: the next asks give them out again. What their workers tell until then is
   * taken; after that it comes late, and `late` of their leases decides. Throws TrialStateError for a trial that does not run.
   */
  releaseTrials(numbers: readonly number[]): Promise<void>;
  /**
   * Makes every failed trial one that the next asks give out again, with the same number; returns how many. Attributes of these names
   * become null in the same step, where a trial has them.
   */
  reopenFailed(options?: { readonly without?: readonly string[] }): Promise<number>;
  /**
   * Gives the study another space or goal from here on, in one step. Ranges, choices, conditions and constraints may change, and
   * parameters may be added, with the value that earlier trials have, or removed; of the goal the constraints, the cost and
   * `repeat`. Every trial stays as it was told: those outside of the new space are not proposed again, and models still learn
   * of them. `createStudy` opens the study with the new space and goal from then on. Running trials keep their parameters and
   * may be told.
   *
   * Throws InvalidArgumentError for another direction, another type of a parameter, or a parameter that is added without a
   * value, OutOfSpaceError for a value that it does not have, UnsupportedError for a study whose log does not describe its
   * space, StorageError for a study that does not exist.
   */
  edit(change: StudyChange): Promise<StudyEditResult>;
}

/** The record of the study of this name; `clock` gives its events their times. Each call reads what is new; all throw StorageError as the storage does. */
export function studyRecord(
  storage: Storage,
  name: string,
  { clock }: { readonly clock?: (() => number) | undefined } = {},
): StudyRecord {
  return recordOf(studyLog<Params>(storage, name, clock), name);
}

/** The state as it is now: a fold changes its lists and maps in place. */
function copyOf<P extends Params>(live: LiveState<P>): StudyState<P> {
  const state = storedPart(live);
  return {
    ...state,
    trials: [...state.trials],
    outputs: new Map(state.outputs),
    deleted: new Map(state.deleted),
    queue: [...state.queue],
    leases: new Map(state.leases),
    claims: new Map(state.claims),
    lostLeases: new Map(state.lostLeases),
  };
}

/** The record of a study by its log. */
export function recordOf<P extends Params>(
  { commit, look }: Pick<StudyLog<P>, 'commit' | 'look'>,
  name: string,
): StudyRecord {
  return {
    state: () => look(copyOf),
    trialCount: () => look((state) => state.trials.length),
    length: () => look((state) => state.length),
    note: (notes) =>
      commit((state) => {
        if (!state.created) throw new StorageError(`${name}: there is no such study to note something of`);
        const { attributes, note } = state;
        const next = typeof notes === 'function' ? notes({ attributes, note }) : notes;
        return notePlan(state, undefined, { notes: checkedNotes(next) });
      }),
    describe: (facts) =>
      commit((state) => {
        if (!state.created) throw new StorageError(`${name}: there is no such study to describe`);
        const isKnown = canonical(state.facts ?? null) === canonical(facts);
        return { events: isKnown ? [] : [{ type: 'described', facts }], answer: () => undefined };
      }),
    deleteTrials: (numbers) => commit((state) => countedPlan(numbers, (number) => deletePlan(state, number))),
    restoreTrials: (numbers) =>
      commit((state) => countedPlan(numbers, (number) => restorePlan(state, number))),
    releaseTrials: (numbers) =>
      commit((state) => {
        const events = distinct(numbers).flatMap((number) => releaseEvents(state, number));
        return { events, answer: () => undefined };
      }),
    reopenFailed: ({ without = [] } = {}) =>
      commit((state) => {
        const failed = state.trials.filter((trial) => trial.state === 'failed' && !trial.loaded);
        const events = failed.flatMap(({ number, attributes = {} }) => {
          const names = without.filter((name) => Object.hasOwn(attributes, name));
          const removed = Object.fromEntries(names.map((name) => [name, null]));
          return [
            { type: 'reopened' as const, number },
            ...notedEvents(state, number, checkedNotes({ attributes: removed })),
          ];
        });
        return { events, answer: () => failed.length };
      }),
    edit: (change) => commit((state) => editPlan(name, state, change)),
  };
}

/** The same for several trials, which answers how many it changes. */
function countedPlan(numbers: readonly number[], plan: (number: number) => Plan<void>): Plan<number> {
  const events = distinct(numbers).flatMap((number) => plan(number).events);
  return { events, answer: () => events.length };
}

function distinct(numbers: readonly number[]): readonly number[] {
  return [...new Set(numbers)];
}
