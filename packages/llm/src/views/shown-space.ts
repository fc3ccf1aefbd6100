import {
  OutOfSpaceError,
  type ParameterDescription,
  type Params,
  type SearchSpace,
  UnsupportedError,
} from '@foothold/core';
import { parametersOf } from '../card/parameters-of.ts';
import { nameText } from '../prompts/configuration-text.ts';
import { numberText } from '../prompts/number-text.ts';
import type { Warping } from './warping.ts';

/** A space in the form in which prompts show it, and the way back. */
export interface ShownSpace<P extends Params = Params> {
  /** Takes and gives parameters in the shown form; `configurationsIn` and `taskText` work with it as with any space. */
  readonly space: SearchSpace;
  readonly names: readonly string[];
  /** In the shown form, whichever of the parameters are there. */
  shown(params: Partial<P>): Params;
  /** In the user's form; the nearest value of a parameter with steps. */
  params(shown: Params): P;
  /** What the forms mean, in sentences; empty where every parameter has the user's form. */
  readonly note: string;
}

/**
 * The space with its numbers warped. Parameters that conditions and linear constraints name keep the user's form, since their texts
 * do. Throws UnsupportedError for a space whose parameters cannot be told.
 */
export function shownSpace<P extends Params>(space: SearchSpace<P>, warping: Warping): ShownSpace<P> {
  const parameters = parametersOf(space);
  if (!parameters) throw new UnsupportedError('a space whose parameters cannot be described', 'a prompt');
  const kept = namedElsewhere(space, parameters);
  const forms = new Map<string, Form>();
  for (const [name, description] of parameters) {
    const form = kept.has(name) ? undefined : formOf(description, warping);
    if (form) forms.set(name, form);
  }
  const mapped = (params: Params, by: (form: Form, value: number) => number): Params =>
    Object.fromEntries(
      Object.entries(params).map(([name, value]) => {
        const form = forms.get(name);
        return [name, form && typeof value === 'number' ? by(form, value) : value];
      }),
    );
  const shown = (params: Partial<P>) => mapped(params as Params, (form, value) => form.shown(value));
  const back = (params: Params) => mapped(params, (form, value) => form.value(value)) as P;
  const names = [...parameters.keys()];
  if (forms.size === 0)
    return { space: space as unknown as SearchSpace, names, shown, params: back, note: '' };
  return {
    space: warpedSpace(space, { parameters, forms, shown, back }),
    names,
    shown,
    params: back,
    note: noteOf(warping, [...forms.keys()]),
  };
}

/** Share of a step by which rounding may move the last one, as in the spaces themselves. */
const roundOff = 1e-9;

/** One number's form in prompts. */
interface Form {
  readonly description: ParameterDescription;
  readonly low: number;
  readonly high: number;
  shown(value: number): number;
  value(shown: number): number;
}

function formOf(description: ParameterDescription, warping: Warping): Form | undefined {
  if (description.type !== 'real' && description.type !== 'int') return undefined;
  const { low, high, log = false, type, step = type === 'int' ? 1 : undefined, when } = description;
  if (warping === 'none' || !(high > low) || (warping === 'log' && !log)) return undefined;
  const scale = log ? Math.log10 : (value: number) => value;
  const [bottom, top] = [scale(low), scale(high)];
  const isShare = warping === 'normalized';
  const shown = (value: number) => (isShare ? (scale(value) - bottom) / (top - bottom) : scale(value));
  const [first, last] = isShare ? [0, 1] : [bottom, top];
  return {
    description: { type: 'real', low: first, high: last, ...(when && { when }) },
    low: first,
    high: last,
    shown,
    value(w) {
      const scaled = isShare ? bottom + w * (top - bottom) : w;
      const value = log ? 10 ** scaled : scaled;
      if (step === undefined) return Math.min(Math.max(value, low), high);
      const steps = Math.floor((high - low) / step + roundOff);
      return low + step * Math.min(Math.max(Math.round((value - low) / step), 0), steps);
    },
  };
}

/** Parameters that conditions or linear constraints speak of. */
function namedElsewhere<P extends Params>(
  { description }: SearchSpace<P>,
  parameters: ReadonlyMap<string, ParameterDescription>,
): ReadonlySet<string> {
  const linear = (description?.['$constraints'] ?? []) as unknown as readonly { readonly terms?: object }[];
  return new Set([
    ...[...parameters.values()].flatMap(({ when }) => Object.keys(when ?? {})),
    ...linear.flatMap(({ terms }) => Object.keys(terms ?? {})),
  ]);
}

interface Maps<P extends Params> {
  readonly parameters: ReadonlyMap<string, ParameterDescription>;
  readonly forms: ReadonlyMap<string, Form>;
  shown(params: Partial<P>): Params;
  back(shown: Params): P;
}

function warpedSpace<P extends Params>(space: SearchSpace<P>, maps: Maps<P>): SearchSpace {
  const { parameters, forms, shown, back } = maps;
  const described = [...parameters].map(([name, description]) => [
    name,
    forms.get(name)?.description ?? description,
  ]);
  const constraints = space.description?.['$constraints'];
  return {
    columns: space.columns,
    description: {
      ...Object.fromEntries(described),
      ...(constraints !== undefined && { $constraints: constraints }),
    },
    encode(params) {
      for (const [name, form] of forms) checkWithin(name, params[name], form);
      return space.encode(back(params));
    },
    decode: (point) => shown(space.decode(point)),
    ...(space.violation && { violation: (params: Params) => space.violation!(back(params)) }),
  };
}

/** Both are compared in the digits that prompts show: a model repeats a bound as it read it. */
function checkWithin(name: string, value: unknown, { low, high }: Form): void {
  if (typeof value !== 'number') return;
  const [w, first, last] = [value, low, high].map((number) => Number(numberText(number))) as [
    number,
    number,
    number,
  ];
  if (w < first || w > last) throw new OutOfSpaceError(name, value, `[${first}, ${last}]`);
}

function noteOf(warping: Warping, names: readonly string[]): string {
  const listed = names.map(nameText).join(', ');
  return warping === 'log'
    ? `The decimal logarithm stands in place of the value of: ${listed}. Answer in this form too.`
    : `A number from 0 to 1, its place between the ends of its range, stands in place of the value of: ${listed}. Answer in this form too.`;
}
