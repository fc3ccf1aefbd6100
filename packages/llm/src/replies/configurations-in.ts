import { OutOfSpaceError, type ParameterDescription, type Params, type SearchSpace } from '@foothold/core';
import { parametersOf } from '../card/parameters-of.ts';
import { configurationKey } from '../configuration-key.ts';
import { configurationText } from '../prompts/configuration-text.ts';
import { type Dropped, dropLog } from './dropped.ts';
import { type Entry, entriesIn } from './entries-in.ts';
import { valueIn } from './value-in.ts';

export interface ConfigurationsInOptions<P extends Params = Params> {
  readonly space: SearchSpace<P>;
  /** Parameters that no configuration may repeat: those of the trials. */
  readonly taken?: Iterable<P> | undefined;
  /** Values that every configuration gets, whatever the reply says. */
  readonly fixed?: Partial<P> | undefined;
  /** Most configurations that are taken; further ones are dropped as 'surplus'. Default: 1000. */
  readonly limit?: number | undefined;
}

export interface ConfigurationsIn<P extends Params = Params> {
  /** Inside the space, within its constraints, each one once. */
  readonly configurations: readonly P[];
  readonly dropped: Dropped;
}

/**
 * The configurations that a reply proposes: JSON objects, `## name: value, … ##`, or lines. A reply is data: it is never run, names
 * outside of the space are not looked at, and what is no configuration is dropped and counted. A space whose parameters
 * `parametersOf` cannot tell has none. Throws OutOfSpaceError for `fixed` values outside of the space.
 */
export function configurationsIn<P extends Params>(
  reply: string,
  options: ConfigurationsInOptions<P>,
): ConfigurationsIn<P> {
  const { space, fixed = {}, limit = 1000 } = options;
  const parameters = parametersOf(space);
  const log = dropLog();
  if (!parameters) return { configurations: [], dropped: log.dropped() };
  const taken = new Set(
    [...(options.taken ?? [])].flatMap((params) => [configurationKey(space, params), shownKey(params)]),
  );
  const configurations: P[] = [];
  for (const entry of entriesIn(reply, [...parameters.keys()])) {
    const params = paramsOf<P>(entry, parameters, fixed);
    if ('reason' in params) {
      log.add(params.reason, params.text);
      continue;
    }
    const verdict = placed(space, params.params);
    if (verdict.reason !== undefined) log.add(verdict.reason, verdict.text);
    else if (taken.has(verdict.key) || taken.has(shownKey(params.params)))
      log.add('duplicate', textOf(params.params));
    else if (configurations.length >= limit) log.add('surplus', textOf(params.params));
    else {
      taken.add(verdict.key).add(shownKey(params.params));
      configurations.push(params.params);
    }
  }
  return { configurations, dropped: log.dropped() };
}

/** Prompts show fewer digits than trials have: what a model copies from there is no new configuration. */
const shownKey = (params: Params) => `shown ${configurationText(params)}`;

type Read<P> =
  | { readonly params: P }
  | { readonly reason: 'unreadable' | 'incomplete'; readonly text: string };

/** The active parameters of an entry, in the order of the space. */
function paramsOf<P extends Params>(
  entry: Entry,
  parameters: ReadonlyMap<string, ParameterDescription>,
  fixed: Partial<P>,
): Read<P> {
  const values = new Map<string, Params[string]>(Object.entries(fixed as Params));
  for (const [name, text] of entry) {
    if (values.has(name)) continue;
    const value = valueIn(text, parameters.get(name)!);
    if (value === undefined) return { reason: 'unreadable', text: `${name} is ${text}` };
    values.set(name, value);
  }
  const active = activeIn(values, parameters);
  const missing = active.filter((name) => !values.has(name));
  if (missing.length > 0) return { reason: 'incomplete', text: `${missing.join(', ')} missing` };
  return { params: Object.fromEntries(active.map((name) => [name, values.get(name)!])) as P };
}

/** The names of the parameters that are active with these values; a parameter without a value makes none active. */
function activeIn(
  values: ReadonlyMap<string, Params[string]>,
  parameters: ReadonlyMap<string, ParameterDescription>,
): readonly string[] {
  const known = new Map<string, boolean>();
  const isActive = (name: string): boolean => {
    const before = known.get(name);
    if (before !== undefined) return before;
    known.set(name, false);
    const { when = {} } = parameters.get(name) ?? {};
    const active = Object.entries(when).every(
      ([parent, allowed]) => isActive(parent) && values.has(parent) && allowed.includes(values.get(parent)!),
    );
    known.set(name, active);
    return active;
  };
  return [...parameters.keys()].filter(isActive);
}

function placed<P extends Params>(space: SearchSpace<P>, params: P) {
  try {
    const key = configurationKey(space, params);
    const violation = space.violation?.(params);
    if (violation !== undefined) return { reason: 'constraint', text: violation } as const;
    return { reason: undefined, key } as const;
  } catch (error) {
    if (error instanceof OutOfSpaceError) return { reason: 'out-of-range', text: error.message } as const;
    throw error;
  }
}

function textOf(params: Params): string {
  return Object.entries(params)
    .map(([name, value]) => `${name}: ${value}`)
    .join(', ');
}
