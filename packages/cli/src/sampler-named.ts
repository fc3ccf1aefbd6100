import { InvalidArgumentError, type Sampler } from '@foothold/core';
import {
  autoSampler,
  cmaEs,
  grid,
  latinHypercube,
  nsga2,
  random,
  sobol,
  type TransferSource,
  tpe,
} from 'foothold';

/** A sampler as JSON and flags name it: a name, or an object with the name and options. */
export type SamplerName = string | { readonly name: string; readonly [option: string]: unknown };

export interface NamedOptions {
  readonly sources?: readonly TransferSource[];
  readonly method?: string | undefined;
}

type Factory = (options: Readonly<Record<string, unknown>>, named: NamedOptions) => Sampler;

const factories: Readonly<Record<string, Factory>> = {
  auto: (options, { sources = [] }) => autoSampler({ ...options, transfer: sources }),
  gp: (options, { sources = [] }) => autoSampler({ ...options, transfer: sources, reach: 'whole-space' }),
  random: () => random(),
  sobol: (options) => sobol(options),
  'latin-hypercube': (options) => latinHypercube(options),
  grid: (options) => grid(options),
  tpe: (options) => tpe(options),
  'cma-es': (options) => cmaEs(options),
  nsga2: (options) => nsga2(options),
  'trust-region': (options) => autoSampler({ ...options, reach: 'trust-region' }),
};

/** The sampler of this name. Throws InvalidArgumentError with the names there are. */
export function samplerNamed(sampler: SamplerName, named: NamedOptions = {}): Sampler {
  const { name, ...options } = typeof sampler === 'string' ? { name: sampler } : sampler;
  const factory = Object.hasOwn(factories, name) ? factories[name] : undefined;
  if (!factory)
    throw new InvalidArgumentError('sampler', name, `one of ${Object.keys(factories).join(', ')}`);
  return factory(options, named);
}
