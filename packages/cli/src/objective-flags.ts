import { type Direction, InvalidArgumentError, type Objective } from '@foothold/core';
import { isAccuracy } from './is-accuracy.ts';
import { UsageError } from './usage-error.ts';

/** What `--objective`, `--metric` and `--direction` say of the goal. */
export interface ObjectiveFlags {
  /** Further figures, such as `size` or `accuracy:maximize`. */
  readonly objective?: readonly string[] | undefined;
  readonly metric?: string | undefined;
  readonly direction: Direction;
}

/**
 * The value and the further objectives; undefined where there are no further ones. Throws InvalidArgumentError for a figure
 * that is named twice, UsageError for an accuracy whose direction is not said.
 */
export function objectivesOfFlags(flags: ObjectiveFlags): readonly Objective[] | undefined {
  const { objective: texts = [], metric = 'value', direction } = flags;
  if (texts.length === 0) return undefined;
  const objectives: Objective[] = [{ metric: 'value', direction }];
  const taken = new Set(['value', metric]);
  for (const text of texts) {
    const further = furtherObjective(text);
    if (further.metric === '' || taken.has(further.metric))
      throw new InvalidArgumentError('--objective', text, `another figure than ${[...taken].join(', ')}`);
    taken.add(further.metric);
    objectives.push(further);
  }
  return objectives;
}

/** Names of the objectives beside the value. */
export function furtherNames(objectives: readonly Objective[] = []): readonly string[] {
  return objectives.map(({ metric }) => metric).filter((metric) => metric !== 'value');
}

function furtherObjective(text: string): Objective {
  const [, name, word] = /^(.*?)(?::(minimize|maximize))?$/s.exec(text)!;
  if (word === undefined && isAccuracy(name!))
    throw new UsageError(
      `--objective ${name} is minimized when nothing is said: say --objective ${name}:maximize, or ${name}:minimize where a smaller one is meant`,
    );
  return { metric: name!, direction: (word as Direction | undefined) ?? 'minimize' };
}
