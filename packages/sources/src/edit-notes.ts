import type { StudyData } from '@foothold/study';
import { optunaChoices } from './optuna-distributions.ts';

/** What a reader of an exported table should know of the edits of its study: sentences. */
export function tableEditNotes({ trials, edits = [] }: StudyData): readonly string[] {
  return edits.flatMap(({ trials: count, values }) =>
    Object.entries(values).flatMap(([name, value]) =>
      trials.slice(0, count).some(({ params }) => !Object.hasOwn(params, name))
        ? [
            `trials from before an edit have empty cells for ${name}, which it took as ${JSON.stringify(value)}`,
          ]
        : [],
    ),
  );
}

/** The same of a file of Optuna. */
export function optunaEditNotes(study: StudyData): readonly string[] {
  const { space = {}, edits = [] } = study;
  const count = edits.findLast(({ before }) => before)?.trials ?? 0;
  if (count === 0) return [];
  const choices = [...optunaChoices(study)].flatMap(([name, all]) => {
    const parameter = space[name];
    return parameter && 'choices' in parameter && parameter.choices.length < all.length
      ? [
          `${name} has the choices ${JSON.stringify(all)} in Optuna, as earlier trials have them: a program that goes on there names these`,
        ]
      : [];
  });
  return [
    `${count} trials are from before an edit: Optuna has each with the ranges that it was asked for in`,
    ...choices,
  ];
}
