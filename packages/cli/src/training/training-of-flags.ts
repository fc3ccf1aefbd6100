import { InvalidArgumentError, type Params, type SearchSpace, type TrainingFidelity } from '@foothold/core';
import { type ParameterSpace, withTrainingFidelity } from '@foothold/space';
import { checkedFidelity, trainingBudget } from '@foothold/study';
import { commandTemplate } from '../command-template.ts';
import { UsageError } from '../usage-error.ts';
import { trainingPlaceholders } from './training-placeholders.ts';

/** Flags of `tune` for studies whose trials are pieces of training. */
export interface TrainingFlags {
  /** NAME:MAX. */
  readonly fidelity?: string | undefined;
  readonly checkpointDir?: string | undefined;
  readonly budget?: number | undefined;
}

/** What a line says of the training of configurations in pieces. */
export interface Training {
  readonly fidelity: TrainingFidelity;
  /** What all pieces may cost together, in units of the fidelity. */
  readonly budget: number;
  /** The parameters with the fidelity. */
  readonly space: SearchSpace<Params>;
  readonly checkpointDir: string | undefined;
}

/** Flags of one value a trial, of a model of whole evaluations, or of pruning. */
const refused = {
  prune: '--prune',
  from: '--from',
  adviser: '--adviser',
  patience: '--patience',
  regretBound: '--regret-bound',
} as const;

type Line = TrainingFlags &
  Readonly<Partial<Record<keyof typeof refused, unknown>>> & {
    /** Absent where a function of a module trains, which may go on from checkpoints where there is a folder for them. */
    readonly run?: string | undefined;
    readonly trials: number;
    /** Whether `--trials` stands on the line. */
    readonly trialsGiven?: boolean | undefined;
    readonly shell?: boolean | undefined;
  };

/**
 * What the line says of a fidelity; undefined where it names none. Training goes on from checkpoints where there is a folder for them, or
 * where the command has `{from}` and so keeps them itself.
 *
 * Throws InvalidArgumentError for a fidelity or a budget that cannot be, UsageError for flags that do not go together.
 */
export function trainingOfFlags(line: Line, space: ParameterSpace): Training | undefined {
  const { fidelity: text, checkpointDir, budget: given, run, shell } = line;
  if (text === undefined) {
    for (const [option, value] of Object.entries({ '--checkpoint-dir': checkpointDir, '--budget': given }))
      if (value !== undefined) throw new UsageError(`${option} goes with --fidelity`);
    return undefined;
  }
  for (const [flag, option] of Object.entries(refused))
    if (line[flag as keyof typeof refused] !== undefined)
      throw new UsageError(
        `${option} goes without --fidelity, whose sampler decides how far each configuration is trained`,
      );
  if (given !== undefined && line.trialsGiven)
    throw new UsageError(
      '--budget goes without --trials: with --fidelity the budget is that of so many full trainings',
    );
  const { name, max } = nameAndMax(text);
  const names = [...space.columns.map((column) => column.name), name];
  const used: ReadonlySet<string> =
    run === undefined ? new Set() : commandTemplate(run, names, { extra: trainingPlaceholders, shell }).names;
  refuseTwoMeanings(used, names, name);
  if (used.has('checkpoint') && checkpointDir === undefined)
    throw new UsageError('the command has {checkpoint}: --checkpoint-dir says where checkpoints are kept');
  const continues = checkpointDir !== undefined || used.has('from');
  const fidelity = checkedFidelity({ name, max, continues });
  return {
    fidelity,
    budget: trainingBudget({ fidelity, budget: given, trainings: line.trials }),
    space: withTrainingFidelity<Params>(space, fidelity),
    checkpointDir,
  };
}

/**
 * Throws UsageError where the command has a placeholder that means a parameter and a fact of the piece: where training begins would be
 * taken from the parameter, in silence. `{to}` of a fidelity of this name is the same number.
 */
function refuseTwoMeanings(used: ReadonlySet<string>, names: readonly string[], fidelity: string): void {
  for (const name of [
    'from',
    'to',
    'configuration',
    'checkpoint',
  ] satisfies (typeof trainingPlaceholders)[number][])
    if (used.has(name) && names.includes(name) && !(name === 'to' && fidelity === 'to'))
      throw new UsageError(
        `{${name}} in the command is a parameter and a fact of the piece of training: give the parameter another name`,
      );
}

function nameAndMax(text: string) {
  const at = text.lastIndexOf(':');
  const [name, max] = [text.slice(0, at), text.slice(at + 1)];
  if (at < 1 || !/^\d+$/.test(max))
    throw new InvalidArgumentError(
      '--fidelity',
      text,
      'NAME:MAX, a name and how far a configuration is trained at most, such as epochs:52',
    );
  return { name, max: Number(max) };
}

/** A fidelity as the flag has it, with what is not its own. */
export function fidelityText(fidelity: TrainingFidelity | undefined): string | undefined {
  if (!fidelity) return undefined;
  const { name, max, continues } = fidelity;
  return `${name}:${max}${continues === false ? ', every piece from 0 on' : ', from checkpoints on'}`;
}
