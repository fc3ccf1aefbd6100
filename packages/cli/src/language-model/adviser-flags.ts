import type { Command } from 'commander';
import { UsageError } from '../usage-error.ts';
import { givenModelFlags, type ModelFlags, withModelOptions } from './model-options.ts';

/** A language model beside the sampler of `tune`. */
export interface AdviserFlags extends ModelFlags {
  /** The provider's name of the model. */
  readonly adviser?: string | undefined;
  readonly card?: string | undefined;
  /** With `adviser` the most that its calls may cost. */
  readonly maxCost?: number | undefined;
}

/** `tune` with `AdviserFlags` among its options. */
export function withAdviserOptions(command: Command): Command {
  return withModelOptions(
    command
      .option(
        '--adviser <model>',
        "a language model proposes beside the sampler, whose acquisition decides: the provider's name of it",
      )
      .option(
        '--card <file>',
        'with --adviser: task card, what the model is told of the task (default: the space alone)',
      ),
    '--adviser',
  );
}

/** Samplers whose acquisition can decide between their own points and those of a model. */
export const advisedSamplers: readonly string[] = ['auto', 'gp', 'trust-region'];

/** Throws UsageError for flags of an adviser without one, for a sampler that never asks, and for `--cost` and `--objective`. */
export function refuseAdviserFlags(
  flags: AdviserFlags & {
    readonly cost?: string | undefined;
    readonly objective?: readonly string[] | undefined;
  },
  sampler: string,
): void {
  if (flags.adviser === undefined) {
    const [flag] = [...givenModelFlags(flags), ...(flags.card === undefined ? [] : ['--card'])];
    if (flag !== undefined) throw new UsageError(`${flag} goes with --adviser, which names the model`);
    return;
  }
  if (!advisedSamplers.includes(sampler))
    throw new UsageError(
      `--adviser goes with the samplers ${advisedSamplers.join(', ')}: ${sampler} has no acquisition, which decides between its points and those of the model`,
    );
  if (flags.cost !== undefined)
    throw new UsageError(
      '--adviser does not go with --cost: a language model sees values, and no costs of trials',
    );
  if (flags.objective !== undefined)
    throw new UsageError(
      '--adviser does not go with --objective: a language model is asked for configurations of one better value',
    );
}
