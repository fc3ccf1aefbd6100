import { InvalidArgumentError, type Sampler } from '@foothold/core';
import { autoSampler, type TransferSource } from 'foothold';

/** A sampler as JSON and flags name it: a name, or an object with the name and options. */
export type SamplerName = string | { readonly name: string; readonly [option: string]: unknown };

export interface NamedOptions {
  readonly sources?: readonly TransferSource[];
  readonly method?: string | undefined;
}

/** The sampler of this name. Throws InvalidArgumentError with the names there are. */
export async function samplerNamed(
  sampler: SamplerName,
  { sources = [] }: NamedOptions = {},
): Promise<Sampler> {
  const { name, ...options } = typeof sampler === 'string' ? { name: sampler } : sampler;
  switch (name) {
    case 'auto':
    case 'gp':
      return autoSampler({ ...options, transfer: sources });
    default:
      throw new InvalidArgumentError(
        'sampler',
        name,
        'one of auto, random, sobol, grid, gp, tpe, cma-es, trust-region',
      );
  }
}
