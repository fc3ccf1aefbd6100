import { type Json, type Notes, type Params, type Storage, StorageError } from '@foothold/core';
import { canonical } from './canonical.ts';
import { checkedNotes } from './checked-notes.ts';
import { editPlan, type StudyChange, type StudyEditResult } from './edit-plan.ts';
import type { StudyState } from './replay.ts';
import { type StudyLog, studyLog } from './study-log.ts';
import { notePlan } from './study-plans.ts';

/** A stored study as its log says, without its space and sampler: for programs that look before they open it. */
export interface StudyRecord {
  /** The state now; without `created` when there is no study of this name. */
  state(): Promise<StudyState>;
  /** Records how trials are evaluated from here on. Throws StorageError for a study that does not exist, InvalidArgumentError for facts that are no JSON. */
  describe(facts: { readonly [key: string]: Json }): Promise<void>;
  /** Writes attributes and a note of the study. Throws StorageError for a study that does not exist, InvalidArgumentError for what JSON cannot hold. */
  note(notes: Notes): Promise<void>;
  /** Makes every failed trial one that the next asks give out again, with the same number; returns how many. */
  reopenFailed(): Promise<number>;
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

/** The record of a study by its log. */
export function recordOf<P extends Params>(
  { commit, look }: Pick<StudyLog<P>, 'commit' | 'look'>,
  name: string,
): StudyRecord {
  return {
    state: () => look((state) => ({ ...state, trials: [...state.trials] })),
    note: (notes) =>
      commit((state) => {
        if (!state.created) throw new StorageError(`${name}: there is no such study to note something of`);
        return notePlan(state, undefined, checkedNotes(notes));
      }),
    describe: (facts) =>
      commit((state) => {
        if (!state.created) throw new StorageError(`${name}: there is no such study to describe`);
        const isKnown = canonical(state.facts ?? null) === canonical(facts);
        return { events: isKnown ? [] : [{ type: 'described', facts }], answer: () => undefined };
      }),
    reopenFailed: () =>
      commit((state) => {
        const events = state.trials.flatMap(({ state: of, number, loaded }) =>
          of === 'failed' && !loaded ? [{ type: 'reopened' as const, number }] : [],
        );
        return { events, answer: () => events.length };
      }),
    edit: (change) => commit((state) => editPlan(name, state, change)),
  };
}
