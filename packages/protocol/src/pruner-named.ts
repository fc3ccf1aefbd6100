import { InvalidArgumentError, type Pruner } from '@foothold/core';
import {
  asha,
  dominancePruner,
  hyperbandPruner,
  medianPruner,
  patientPruner,
  percentilePruner,
  thresholdPruner,
  wilcoxonPruner,
} from '@foothold/study';

/** A pruner as JSON and flags name it: a name, or an object with the name and options. */
export type PrunerName = string | { readonly name: string; readonly [option: string]: unknown };

type Options = Readonly<Record<string, number>>;
interface Factory {
  /** What it compares: the value (when absent), all objectives, or nothing with other trials. */
  readonly compares?: 'objectives' | 'nothing';
  /** Names of the options that it takes. The first one is that of a number without a name. */
  readonly takes: readonly string[];
  /** Options that it cannot do without. */
  readonly needs?: readonly string[];
  readonly make: (options: Options, of: Pruner | undefined) => Pruner;
}

const steps = ['warmupSteps', 'intervalSteps'];
const trials = ['startupTrials', 'minTrials'];
const rungs = ['minResource', 'reductionFactor'];
const factories: Readonly<Record<string, Factory>> = {
  median: { takes: [...trials, ...steps], make: (options) => medianPruner(options) },
  percentile: { takes: ['percentile', ...trials, ...steps], make: (options) => percentilePruner(options) },
  asha: { takes: [...rungs, 'maxResource'], make: (options) => asha(options) },
  hyperband: {
    takes: ['maxResource', ...rungs],
    needs: ['maxResource'],
    make: (options) => hyperbandPruner(options as Options & { readonly maxResource: number }),
  },
  patient: {
    takes: ['patience', 'minDelta'],
    needs: ['patience'],
    make: (options, of) => patientPruner(of, options as Options & { readonly patience: number }),
  },
  threshold: {
    compares: 'nothing',
    takes: ['upper', 'lower', ...steps],
    make: (options) => thresholdPruner(options),
  },
  dominance: {
    compares: 'objectives',
    takes: ['fronts', ...trials, ...steps],
    make: (options) => dominancePruner(options),
  },
  wilcoxon: { takes: ['pThreshold', 'startupSteps'], make: (options) => wilcoxonPruner(options) },
};

/** The names that `prunerNamed` knows. */
export const prunerNames: readonly string[] = Object.keys(factories);

/**
 * What this pruner compares with other trials: their values, all of their objectives, or nothing. With several objectives one
 * that compares values ends trials that are good in another objective. Throws InvalidArgumentError for a name that there is not.
 */
export function comparedBy(pruner: PrunerName): 'value' | 'objectives' | 'nothing' {
  return factoryOf(typeof pruner === 'string' ? pruner : pruner.name).compares ?? 'value';
}

/** Throws InvalidArgumentError with the names that there are. */
function factoryOf(name: string): Factory {
  const factory = Object.hasOwn(factories, name) ? factories[name] : undefined;
  if (!factory) throw new InvalidArgumentError('pruner', name, `one of ${prunerNames.join(', ')}`);
  return factory;
}

/**
 * The pruner of this name. `of` names the pruner that `patient` holds back. Throws InvalidArgumentError with the names, or the
 * options, that there are, and as the pruner does.
 */
export function prunerNamed(pruner: PrunerName): Pruner {
  const { name, of, ...options } = typeof pruner === 'string' ? { name: pruner, of: undefined } : pruner;
  const factory = factoryOf(name);
  if (of !== undefined && (name !== 'patient' || typeof of !== 'string' || of === 'patient'))
    throw new InvalidArgumentError('pruner.of', of, 'the name of another pruner, with patient');
  for (const [option, value] of Object.entries(options)) {
    if (!factory.takes.includes(option))
      throw new InvalidArgumentError(
        `pruner.${option}`,
        value,
        `one of the options ${factory.takes.join(', ')}`,
      );
    if (typeof value !== 'number' || !Number.isFinite(value))
      throw new InvalidArgumentError(`pruner.${option}`, value, 'a finite number');
  }
  for (const option of factory.needs ?? [])
    if (!Object.hasOwn(options, option))
      throw new InvalidArgumentError(`pruner.${option}`, undefined, `a number: ${name} needs it`);
  return factory.make(options as Options, of === undefined ? undefined : prunerNamed(of as string));
}

/**
 * The name and options of a flag: `median`, `percentile:25`, `asha:minResource=3,reductionFactor=2`, `patient:3,of=median`. A number
 * without a name is the first option. Throws InvalidArgumentError for what is none of these.
 */
export function prunerOfFlag(text: string): PrunerName {
  const [name = '', ...rest] = text.split(':');
  const list = rest.join(':');
  if (list === '') return { name };
  const first = Object.hasOwn(factories, name) ? factories[name]!.takes[0]! : 'first';
  const options = list.split(',').map((part): readonly [string, unknown] => {
    const [key = '', value] = part.includes('=') ? splitAt(part, part.indexOf('=')) : [first, part];
    if (key === 'of') return [key, value];
    const number = Number(value);
    if (value?.trim() === '' || !Number.isFinite(number))
      throw new InvalidArgumentError(
        '--prune',
        text,
        'a name, or name:option=number,…, such as asha:minResource=3',
      );
    return [key.trim(), number];
  });
  const names = options.map(([option]) => option);
  const repeated = names.find((option, i) => names.indexOf(option) < i);
  if (repeated !== undefined)
    throw new InvalidArgumentError('--prune', text, `each option once, and ${repeated} is there twice`);
  return { ...Object.fromEntries(options), name };
}

function splitAt(text: string, at: number): readonly [string, string] {
  return [text.slice(0, at), text.slice(at + 1)];
}
