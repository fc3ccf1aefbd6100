import { InvalidArgumentError, type Sampler, type TrainingFidelity } from '@foothold/core';
import type { AutoSamplerOptions, TransferMethod, TransferSource } from '@foothold/optimize';

/** A sampler as JSON and flags name it: a name, or an object with the name and options. */
export type SamplerName = string | { readonly name: string; readonly [option: string]: unknown };

export interface NamedOptions {
  readonly sources?: readonly TransferSource[];
  readonly method?: string | undefined;
  readonly gated?: boolean | undefined;
  readonly metaFeatures?: readonly number[] | undefined;
  /** Opens the compute backend at the first model. Default: float64 WebAssembly. */
  readonly linalg?: AutoSamplerOptions['linalg'];
  /** Where trials are pieces of training: `auto` is then the default sampler for learning curves, and every other one chooses the configurations of successive halving. */
  readonly fidelity?: TrainingFidelity | undefined;
  /** What all pieces may cost together. */
  readonly budget?: number | undefined;
}

type Options = Readonly<Record<string, unknown>>;
interface FactoryFrom<Library> {
  /** Names of the options that it takes. */
  readonly takes: readonly string[];
  /** True where earlier studies have a part in what it proposes. */
  readonly takesSources?: boolean;
  /** `library` is loaded with the first sampler, so that help is printed at once. */
  readonly make: (library: Library, options: Options, named: NamedOptions) => Sampler;
}
/** Makes the default sampler, whatever its search scope. It is a file of its own, so that most studies load no other sampler. */
interface AutoFactory extends FactoryFrom<typeof import('@foothold/optimize/auto-sampler')> {
  readonly isAuto: true;
}
interface OtherFactory extends FactoryFrom<typeof import('@foothold/optimize')> {
  readonly isAuto?: undefined;
}

const model = (searchScope?: 'whole-space' | 'trust-region'): AutoFactory => ({
  takes: ['initialTrials'],
  isAuto: true,
  takesSources: searchScope !== 'trust-region',
  make: ({ autoSampler }, options, { sources = [], method, ...rest }) =>
    autoSampler({ ...options, ...rest, searchScope, transfer: sources, method: method as TransferMethod }),
});

/**
 * Every sampler by its name: the command's help, messages and tests take the names from here, and `foothold replay` makes the
 * samplers of logs by them.
 */
export const samplerFactories: Readonly<Record<string, AutoFactory | OtherFactory>> = {
  auto: model(),
  gp: model('whole-space'),
  'trust-region': model('trust-region'),
  random: { takes: [], make: ({ random }) => random() },
  sobol: { takes: ['seed'], make: ({ sobol }, options) => sobol(options) },
  'latin-hypercube': {
    takes: ['size', 'seed'],
    make: ({ latinHypercube }, options) => latinHypercube(options),
  },
  grid: { takes: ['levels'], make: ({ grid }, options) => grid(options) },
  tpe: { takes: ['initialTrials'], make: ({ tpe }, options) => tpe(options) },
  'cma-es': { takes: ['sigma', 'population'], make: ({ cmaEs }, options) => cmaEs(options) },
  nsga2: { takes: ['population'], make: ({ nsga2 }, options) => nsga2(options) },
};

/** The names that `samplerNamed` knows, the default first. */
export const samplerNames: readonly string[] = Object.keys(samplerFactories);

/**
 * The sampler of this name. Throws InvalidArgumentError with the names, or the options, that there are, and where there are
 * sources and the sampler takes none.
 */
export async function samplerNamed(sampler: SamplerName, named: NamedOptions = {}): Promise<Sampler> {
  const { name, ...options } = typeof sampler === 'string' ? { name: sampler } : sampler;
  const factory = Object.hasOwn(samplerFactories, name) ? samplerFactories[name] : undefined;
  if (!factory) throw new InvalidArgumentError('sampler', name, `one of ${samplerNames.join(', ')}`);
  for (const [option, value] of Object.entries(options)) {
    if (!factory.takes.includes(option))
      throw new InvalidArgumentError(
        `sampler.${option}`,
        value,
        factory.takes.length > 0
          ? `one of the options ${factory.takes.join(', ')}`
          : 'nothing: it takes no options',
      );
    if (
      option !== 'levels' &&
      option !== 'sigma' &&
      !(Number.isSafeInteger(value) && (value as number) >= 1 && (value as number) <= 1e6)
    )
      throw new InvalidArgumentError(`sampler.${option}`, value, 'a whole number from 1 to 1,000,000');
  }
  const { sources = [], fidelity, budget, linalg } = named;
  if (fidelity && sources.length > 0)
    throw new InvalidArgumentError(
      'transfer',
      `${sources.length} earlier studies`,
      'nothing beside a fidelity',
    );
  if (sources.length > 0 && factory.takesSources !== true) {
    const withSources = samplerNames.filter((other) => samplerFactories[other]?.takesSources);
    throw new InvalidArgumentError(
      'transfer',
      `${sources.length} earlier ${sources.length === 1 ? 'study' : 'studies'}`,
      `nothing with the sampler ${name}; ${withSources.join(' and ')} start from earlier studies`,
    );
  }
  const inner = async () =>
    factory.isAuto
      ? factory.make(await import('@foothold/optimize/auto-sampler'), options, named)
      : factory.make(await import('@foothold/optimize'), options, named);
  if (!fidelity) return inner();
  const isDefault = name === 'auto' && Object.keys(options).length === 0;
  const { curveSampler, successiveHalving } = await import('@foothold/optimize/curve-samplers');
  return curveSampler({
    ...{ fidelity, budget, linalg },
    ...(!isDefault && { sampler: successiveHalving({ fidelity, sampler: await inner() }) }),
  });
}
