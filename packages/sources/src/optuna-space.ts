import type { ParameterDescription, Params, SpaceDescription } from '@foothold/core';
import type { OptunaTrial } from './optuna-study.ts';
import { choiceValue, type OptunaDistribution } from './optuna-value.ts';
import { SourceError } from './source-error.ts';

export interface OptunaSpace {
  readonly space: SpaceDescription;
  /** What was decided where the trials do not agree: sentences. */
  readonly notes: readonly string[];
}

/** A parameter as its trials had it, in their order. */
interface Seen {
  readonly name: string;
  readonly all: readonly OptunaDistribution[];
  readonly values: readonly Params[string][];
}

/**
 * The space that holds every trial: each parameter with the range or choices that its trials had together. A parameter that some
 * complete trials lack is active only with those values of another one with which all had it, where there is such a
 * parameter. Throws SourceError for a distribution that is not known, or of one kind in some trials and another in
 * others.
 */
export function optunaSpace(trials: readonly OptunaTrial[]): OptunaSpace {
  const notes: string[] = [];
  const maps = new Set(trials.map(({ distributions }) => distributions));
  const names = new Set([...maps].flatMap((distributions) => [...distributions.keys()]));
  const seen = [...names].map(
    (name): Seen => ({
      name,
      all: distinct(trials, name),
      values: trials.flatMap(({ params }) => params.get(name) ?? []),
    }),
  );
  const plain = new Map(seen.map((parameter) => [parameter.name, describedAs(parameter, notes)]));
  const space: Record<string, ParameterDescription> = {};
  for (const [name, description] of plain) {
    const when = conditionOf(name, trials, plain);
    if (when)
      notes.push(
        `${name} is active only while ${when.parent} is ${when.values.map((value) => JSON.stringify(value)).join(' or ')}: no trial has it otherwise`,
      );
    space[name] = when ? { ...description, when: { [when.parent]: when.values } } : description;
  }
  return { space, notes };
}

function distinct(trials: readonly OptunaTrial[], name: string): readonly OptunaDistribution[] {
  const all = new Set(trials.flatMap(({ distributions }) => distributions.get(name) ?? []));
  return [...new Map([...all].map((each) => [JSON.stringify(each), each])).values()];
}

function describedAs(parameter: Seen, notes: string[]): ParameterDescription {
  const { name, all } = parameter;
  const [first] = all as [OptunaDistribution];
  const unknown = all.find(({ kind }) => kind === undefined);
  if (unknown)
    throw new SourceError(
      `${name} has the distribution ${unknown.name}, and known are FloatDistribution, IntDistribution, CategoricalDistribution and the older forms of these: ` +
        'store it with one of them, or import the study with --space, which says what the parameters are',
    );
  const other = all.find(({ kind, log }) => kind !== first.kind || log !== first.log);
  if (other)
    throw new SourceError(
      `${name} has the distributions ${text(first)} and ${text(other)}, which are no one parameter: import the study with --space, which says what it is`,
    );
  if (all.length > 1)
    notes.push(
      `${name} has ${all.length} distributions, ${all.map(text).join(', ')}: it is as wide as all of them together`,
    );
  return first.kind === 'choice' ? choicesOf(parameter, notes) : rangeOf(parameter, notes);
}

function choicesOf({ name, all }: Seen, notes: string[]): ParameterDescription {
  const given = all.flatMap(({ choices }) => choices);
  if (given.some((choice) => typeof choice === 'object' && choice !== null))
    notes.push(`${name}: choices that are lists or objects are texts here`);
  return { type: 'categorical', choices: [...new Set(given.map(choiceValue))] };
}

function rangeOf({ name, all, values }: Seen, notes: string[]): ParameterDescription {
  const [first] = all as [OptunaDistribution];
  const numbers = values.filter((value) => typeof value === 'number');
  const bound = (of: 'low' | 'high') =>
    all.map((distribution) => {
      const value = distribution[of];
      if (value === undefined || !Number.isFinite(value))
        throw new SourceError(`${name} has the distribution ${text(distribution)}, without a finite ${of}`);
      return value;
    });
  const [stated, most] = [least(bound('low')), greatest(bound('high'))];
  const [low, high] = [Math.min(stated, least(numbers)), Math.max(most, greatest(numbers))];
  if (low < stated || high > most)
    notes.push(
      `${name}: trials have values outside of ${stated} to ${most}, so that it is ${low} to ${high} here`,
    );
  const type = first.kind === 'whole' ? 'int' : 'real';
  const common = commonStep(all, stated);
  const step =
    common !== undefined && numbers.every((value) => isOnGrid(value - stated, common)) ? common : undefined;
  if (step === undefined && all.some((distribution) => (distribution.step ?? 1) !== 1))
    notes.push(
      `${name}: its values have no common step, so that every ${type === 'int' ? 'whole ' : ''}number in the range is allowed`,
    );
  const isStepped = step !== undefined && !(type === 'int' && step === 1) && step <= high - low;
  return { type, low, high, ...(first.log && { log: true }), ...(isStepped && { step }) };
}

/** The step that all have, where the ranges lie on one grid. */
function commonStep(all: readonly OptunaDistribution[], low: number): number | undefined {
  const [first] = all as [OptunaDistribution];
  const { step } = first;
  const isOn = ({ step: other, low: begin }: OptunaDistribution) => {
    return other === step && isOnGrid(begin! - low, step!);
  };
  return step !== undefined && step > 0 && all.every(isOn) ? step : undefined;
}

function isOnGrid(distance: number, step: number): boolean {
  const levels = distance / step;
  return Math.abs(levels - Math.round(levels)) < 1e-9;
}

/** As Math.min and Math.max of lists of any length. */
function least(numbers: readonly number[]): number {
  return numbers.reduce((a, b) => Math.min(a, b), Infinity);
}
function greatest(numbers: readonly number[]): number {
  return numbers.reduce((a, b) => Math.max(a, b), -Infinity);
}

function text({ name, log, choices, low, high, step, kind }: OptunaDistribution): string {
  if (kind === 'choice') return `${name}(${JSON.stringify(choices)})`;
  return `${name}(${low}, ${high}${log ? ', log' : ''}${step === undefined || step === 1 ? '' : `, step ${step}`})`;
}

interface Condition {
  readonly parent: string;
  readonly values: readonly Params[string][];
}

/** With which values of which other parameter the trials have this one; undefined where all have it, or none decides. */
function conditionOf(
  name: string,
  trials: readonly OptunaTrial[],
  plain: ReadonlyMap<string, ParameterDescription>,
): Condition | undefined {
  const having = trials.filter(({ params }) => params.has(name));
  // A trial that failed or has not ended may have stopped before.
  const without = trials.filter(
    ({ params, state }) => !params.has(name) && (state === 'complete' || state === 'pruned'),
  );
  if (having.length === 0 || without.length === 0) return undefined;
  for (const [parent, description] of plain) {
    if (parent === name || !having.every(({ params }) => params.has(parent))) continue;
    const values = new Set(having.map(({ params }) => params.get(parent)!));
    const others = without.flatMap(({ params }) => (params.has(parent) ? [params.get(parent)!] : []));
    // A parent that is there in the same trials decides nothing.
    if (others.length === 0 || others.some((value) => values.has(value))) continue;
    if (description.type === 'categorical') return { parent, values: [...values] };
    if (description.type === 'int') return { parent, values: wholeRange(description, values, others) };
  }
  return undefined;
}

/** Most values of a condition on a whole number. */
const maxValues = 1000;

/** All whole numbers on the side of those with which the parameter is there, where the others are on the other side. */
function wholeRange(
  { low, high, step = 1 }: { readonly low: number; readonly high: number; readonly step?: number },
  values: ReadonlySet<Params[string]>,
  others: readonly Params[string][],
): readonly Params[string][] {
  const [own, not] = [[...values].map(Number), others.map(Number)];
  const [from, to] = [least(own), greatest(own)];
  const isAbove = not.every((value) => value < from);
  const isBelow = not.every((value) => value > to);
  const [first, last] = [isBelow ? low : from, isAbove ? high : to];
  const count = Math.floor((last - first) / step) + 1;
  if (!(isAbove || isBelow) || count > maxValues) return own.sort((a, b) => a - b);
  return Array.from({ length: count }, (_, i) => first + i * step);
}
