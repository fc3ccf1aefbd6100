import type { ParameterDescription, SpaceDescription, Trial } from '@foothold/core';
import type { SpecPart } from './chart-spec.ts';
import { isDrawable, numberScale, rangeOf, shortNumber } from './number-scale.ts';

/** How a parameter is laid out: numbers on a line, or named levels side by side. */
export interface ParameterAxis {
  readonly name: string;
  /** Vega-Lite type, scale and axis of a channel that shows the parameter. */
  readonly channel: SpecPart;
  /** Positions of the marks that parallel coordinates and tables print, in order. */
  readonly ticks: readonly { readonly at: number; readonly label: string }[];
  /** The value in the form that the channel takes: a number, or the level's text; undefined where the axis cannot show it. */
  value(raw: unknown): number | string | undefined;
  /** Position in [0, 1] along the axis; undefined where the value has none (an inactive conditional parameter). */
  position(raw: unknown): number | undefined;
  /** The number at a position in [0, 1]; absent where the axis has levels. */
  numberAt?(position: number): number;
}

/** Axis of each parameter: from the space's description where there is one, else from what the trials hold. */
export function parameterAxes(
  trials: readonly Trial[],
  space?: SpaceDescription | undefined,
): readonly ParameterAxis[] {
  const names = new Set<string>(Object.keys(space ?? {}).filter((name) => !name.startsWith('$')));
  if (space === undefined)
    for (const { params } of trials) for (const name of Object.keys(params)) names.add(name);
  return [...names].map((name) => {
    const seen = trials.map((t) => t.params[name]).filter((v) => v !== undefined);
    return parameterAxis(name, seen, space?.[name]);
  });
}

function parameterAxis(
  name: string,
  seen: readonly (string | number | boolean | null)[],
  description: ParameterDescription | undefined,
): ParameterAxis {
  if (description?.type === 'ordinal' || description?.type === 'categorical')
    return levelAxis(name, description.choices);
  if (description === undefined && seen.some((v) => typeof v !== 'number'))
    return levelAxis(name, [...new Set(seen)]);
  const values = description === undefined ? seen.filter(isDrawable) : [description.low, description.high];
  const log = description === undefined ? undefined : description.log === true;
  return numberAxis(name, values, log);
}

function levelAxis(name: string, choices: readonly (string | number | boolean | null)[]): ParameterAxis {
  const levels = choices.map(String);
  const position = (raw: unknown) => {
    const at = levels.indexOf(String(raw));
    return at < 0 ? undefined : levels.length === 1 ? 0.5 : at / (levels.length - 1);
  };
  return {
    name,
    channel: {
      type: 'ordinal',
      sort: null,
      scale: { domain: levels },
      axis: levelLabels(levels),
    },
    ticks: levels.map((label) => ({ at: position(label)!, label })),
    value: (raw) => (levels.includes(String(raw)) ? String(raw) : undefined),
    position,
  };
}

/** Level upright where all of them fit a panel of usual width, else slanted; none is left out up to 30. */
function levelLabels(levels: readonly string[]): SpecPart {
  const wide = levels.reduce((sum, level) => sum + Math.min(level.length, 15) + 2, 0) * 6 > 170;
  return { labelAngle: wide ? -35 : 0, labelLimit: 100, labelOverlap: levels.length > 30 };
}

function numberAxis(name: string, values: readonly number[], wantLog: boolean | undefined): ParameterAxis {
  const { scale, axis, log } = numberScale(values, { log: wantLog });
  const [low, high] = rangeOf(values) ?? [0, 1];
  const position = (raw: unknown) => {
    if (!isDrawable(raw)) return undefined;
    if (!(high > low)) return 0.5;
    if (log) return raw > 0 ? Math.log(raw / low) / Math.log(high / low) : undefined;
    return (raw - low) / (high - low);
  };
  const between = (at: number) => (log ? low * (high / low) ** at : low + at * (high - low));
  const positions = high > low ? [0, 0.25, 0.5, 0.75, 1] : [0.5];
  return {
    name,
    channel: { type: 'quantitative', scale, axis: { ...axis, tickCount: 5 } },
    ticks: positions.map((at) => ({ at, label: shortNumber(high > low ? between(at) : low) })),
    value: (raw) => (isDrawable(raw) && (!log || raw > 0) ? raw : undefined),
    position,
    numberAt: (at) => (high > low ? between(at) : low),
  };
}
