import { OutOfSpaceError, type Params, type SpaceDescription } from '@foothold/core';
import { type ParameterSpace, spaceOf } from '@foothold/space';
import { type StudyData, spacesOf } from '@foothold/study';
import { type StudyMark, trialMark } from './optuna-marks.ts';
import { optunaSpace } from './optuna-space.ts';
import type { OptunaStudy, OptunaTrial } from './optuna-study.ts';
import type { ReadOptions } from './read-study-options.ts';
import { SourceError } from './source-error.ts';

/** The space of a study of Optuna. */
export interface StudySpace {
  readonly description: SpaceDescription;
  readonly space: ParameterSpace;
  /** The space that a trial was asked for in, where the exported study was edited since. */
  readonly spaceFor: (number: number, trial: OptunaTrial, params: Params) => ParameterSpace;
  /** Of a study that was edited before it was exported. */
  readonly edits?: StudyData['edits'];
  readonly notes: readonly string[];
}

/** The space that is given, that of the study which was exported, or the one that the trials had. */
export function spaceOfStudy(
  study: OptunaStudy,
  trials: readonly OptunaTrial[],
  { mark, options }: { readonly mark: StudyMark | undefined; readonly options: ReadOptions },
): StudySpace {
  const only = (description: SpaceDescription, notes: readonly string[] = []): StudySpace => {
    const space = spaceOf(description);
    return { description, space, spaceFor: () => space, notes };
  };
  if (options.space) return only(options.space);
  const exported = mark?.space && spaceOfMark(mark, mark.space, trials);
  if (exported) return exported;
  const { space, notes } = optunaSpace(trials);
  if (Object.keys(space).length === 0)
    throw new SourceError(
      `study ${JSON.stringify(study.name)} has no trial with parameters: import it with --space, which says what they are`,
    );
  return only(space, notes);
}

/**
 * The space of the study that was exported, with its edits; undefined where a complete trial lies in none that it had: somebody has
 * gone on with other parameters.
 */
function spaceOfMark(
  { edits }: StudyMark,
  description: SpaceDescription,
  trials: readonly OptunaTrial[],
): StudySpace | undefined {
  try {
    const made = new Map<SpaceDescription, ParameterSpace>();
    const last = edits?.findLast(({ before }) => before)?.trials ?? 0;
    const spacesFor = (number: number, trial: OptunaTrial) => {
      // What came after the last edit is of the present space, but for late outcomes of earlier trials.
      const isEarlier = number < last || trialMark(trial).loaded === true;
      const all = isEarlier ? spacesOf({ space: description, edits }, number) : [description];
      return all.map((each) => {
        const space = made.get(each) ?? spaceOf(each);
        made.set(each, space);
        return space;
      });
    };
    const spaceFor: StudySpace['spaceFor'] = (number, trial, params) => {
      const spaces = spacesFor(number, trial);
      return spaces.find((space) => isWhole(space, params)) ?? spaces[0]!;
    };
    const isHeld = trials.every((trial, number) => {
      const params = Object.fromEntries(trial.params);
      return trial.state !== 'complete' || isWhole(spaceFor(number, trial, params), params);
    });
    if (!isHeld) return undefined;
    return { description, space: spaceOf(description), spaceFor, notes: [], ...(edits && { edits }) };
  } catch {
    return undefined;
  }
}

/** True for all parameters of a trial. */
export function isWhole(space: ParameterSpace, params: Params): boolean {
  return succeeds(() => space.encode(params));
}

/** True for parameters of a trial, all or some. */
export function isInside(space: ParameterSpace, params: Params): boolean {
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
