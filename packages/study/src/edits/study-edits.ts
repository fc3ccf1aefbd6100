import type { Goal, Params, SpaceDescription, StudyEvent } from '@foothold/core';

/** What the fold keeps of an `edited` event. */
export interface StudyEdit {
  /** Position of its event in the log. */
  readonly event: number;
  /** Milliseconds since 1970; absent in a study without a clock. */
  readonly at?: number;
  /** How many trials there were. */
  readonly trials: number;
  /** Whether it changed the space. */
  readonly space: boolean;
  /** The space until then; absent where the edit did not change it. */
  readonly before?: SpaceDescription;
  /** The goal until then; absent where the edit did not change it. */
  readonly goalBefore?: Goal;
  /** What those trials have for a parameter that they lack. */
  readonly values: Params;
}

/** The space, the goal and the edits of a study. */
export interface EditableState {
  /** The description of the present space; absent for a space that has none. */
  readonly space?: SpaceDescription;
  /** The present goal; absent while the log is empty. */
  readonly goal?: Goal;
  /** In their order; absent where there are none. */
  readonly edits?: readonly StudyEdit[];
}

/** Whether the space was edited since the study began. */
export function isSpaceEdited({ edits }: EditableState): boolean {
  return edits?.some((edit) => edit.space) ?? false;
}

/** What an `edited` event changes. The list of edits is a new one at each. */
export function edited(
  {
    length,
    count,
    edits = [],
    space: before,
    goal: goalBefore,
  }: EditableState & { readonly length: number; readonly count: number },
  { at, space, goal, values = {} }: Extract<StudyEvent, { readonly type: 'edited' }>,
): EditableState {
  const edit = {
    event: length,
    ...(at !== undefined && { at }),
    trials: count,
    space: space !== undefined,
    ...(space && before && { before }),
    ...(goal && goalBefore && { goalBefore }),
    values,
  };
  return { ...(space && { space }), ...(goal && { goal }), edits: [...edits, edit] };
}

/** The spaces that a study had, the newest first, those of trial `number` before the others. */
export function spacesOf(
  {
    space,
    edits = [],
  }: { readonly space?: SpaceDescription | undefined; readonly edits?: readonly SpaceEdit[] | undefined },
  number: number,
): readonly SpaceDescription[] {
  const all = [
    ...(space ? [space] : []),
    ...edits.flatMap(({ before }) => (before ? [before] : [])).reverse(),
  ];
  const own = edits.find(({ before, trials }) => before && number < trials)?.before ?? space;
  return own ? [own, ...all.filter((other) => other !== own)] : all;
}

type SpaceEdit = Pick<StudyEdit, 'before' | 'trials'>;

/** Where and when the last edit was, for messages. */
export function lastEditText(edits: readonly StudyEdit[]): string {
  const { event, at } = edits.at(-1)!;
  return `event ${event}${at === undefined ? '' : ` at ${new Date(at).toISOString()}`}`;
}
