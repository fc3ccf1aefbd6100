import {
  type Goal,
  InvalidArgumentError,
  type Params,
  type SearchSpace,
  type StudyEvent,
} from '@foothold/core';
import { type EditableState, lastEditText } from './edits/study-edits.ts';
import { canonical, throughJson } from './log/canonical.ts';

type Created = Extract<StudyEvent, { readonly type: 'created' }>;

/** The first event of a new study. */
export function createdEvent<P extends Params>(space: SearchSpace<P>, goal: Goal, seed: number): Created {
  return throughJson({
    type: 'created',
    ...(space.description ? { space: space.description } : {}),
    goal,
    seed,
    format: 2,
  });
}

/** What no edit changes. */
const isFixed: ReadonlySet<string> = new Set(['seed', 'direction', 'objectives', 'fidelity']);

/**
 * Throws InvalidArgumentError, which names what differs, unless the study that exists, as its edits left it, is the one that is
 * meant.
 */
export function refuseAnother(
  { created, space, goal, edits }: EditableState & { readonly created: Created },
  meant: Created,
  seedGiven: boolean,
): void {
  const exists = { seed: created.seed, space, goal: goal ?? created.goal };
  const differs = (argument: string, now: unknown, then: unknown) => {
    if (canonical(now ?? null) !== canonical(then ?? null))
      throw new InvalidArgumentError(
        argument,
        now,
        edits
          ? `what the study has since it was edited (${lastEditText(edits)}), ${canonical(then ?? null)}: open it again with that`
          : `what the study was created with, ${canonical(then ?? null)}; another name makes another study${
              isFixed.has(argument) ? '' : ', and `foothold edit` (studyRecord(…).edit) changes this one'
            }`,
      );
  };
  if (exists.space && meant.space) {
    const names = new Set([...Object.keys(exists.space), ...Object.keys(meant.space)]);
    for (const name of names) differs(`space.${name}`, meant.space[name], exists.space[name]);
    differs('the order of the parameters', Object.keys(meant.space), Object.keys(exists.space));
  } else differs('space', meant.space, exists.space);
  const fields = ['direction', 'objectives', 'constraints', 'cost', 'repeat', 'fidelity'] as const;
  for (const field of fields) differs(field, meant.goal[field], exists.goal[field]);
  if (seedGiven) differs('seed', meant.seed, exists.seed);
}
