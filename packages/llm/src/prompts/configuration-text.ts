import type { Params } from '@foothold/core';
import { valueText } from './value-text.ts';

export interface ConfigurationTextOptions {
  /** Names in the order in which they are shown. Default: that of `params`. Names that `params` lacks (inactive ones) are left out. */
  readonly order?: readonly string[] | undefined;
}

/** A configuration on one line, `lr: 0.001, layers: 2`, as prompts show it and `configurationsIn` reads it. */
export function configurationText(
  params: Params,
  { order = Object.keys(params) }: ConfigurationTextOptions = {},
): string {
  return order
    .filter((name) => Object.hasOwn(params, name))
    .map((name) => `${nameText(name)}: ${valueText(params[name]!)}`)
    .join(', ');
}

/** A parameter's name; in quotes where it has signs that end a name. */
export function nameText(name: string): string {
  return /^[\w.-]+$/.test(name) ? name : JSON.stringify(name);
}
