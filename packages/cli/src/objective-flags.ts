import { type Direction, InvalidArgumentError, type Objective } from '@foothold/core';
import { comparedBy, type PrunerName } from '@foothold/protocol';
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
 * that is named twice and for a direction that is not spelled out, UsageError for an accuracy whose direction is not said.
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

/**
 * Throws UsageError unless the pruner looks at what a study of so many objectives is after: `dominance` needs several of them,
 * and those that compare values would end trials that are good in another objective.
 */
export function refusePruner(pruner: PrunerName, objectives: number): void {
  const compared = comparedBy(pruner);
  const name = typeof pruner === 'string' ? pruner : pruner.name;
  if (objectives > 1 && compared === 'value')
    throw new UsageError(
      `--prune ${name} compares the value alone: with --objective it would end trials that are good in another one; --prune dominance compares all of them`,
    );
  if (objectives === 1 && compared === 'objectives')
    throw new UsageError(
      `--prune ${name} compares several objectives: --objective NAME names one beside the value; asha is for the value alone`,
    );
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
  const [, after = ''] = /:([^:]*)$/.exec(name!) ?? [];
  if (word === undefined && /^(min|max)/i.test(after))
    throw new InvalidArgumentError('--objective', text, 'NAME, NAME:minimize or NAME:maximize');
  return { metric: name!, direction: (word as Direction | undefined) ?? 'minimize' };
}
