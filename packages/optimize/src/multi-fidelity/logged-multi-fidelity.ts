import {
  type Acquisition,
  InvalidArgumentError,
  type LinearAlgebra,
  type Params,
  type Sampler,
  type SearchSpace,
  type SpaceDescription,
  UnsupportedError,
} from '@foothold/core';
import { type ParameterSpace, spaceOf } from '@foothold/space';
import type { ConfiguredSampler } from '@foothold/study';
import type { MultiFidelityOptions } from './multi-fidelity-options.ts';
import { type Setting, samplerOf, settingOf } from './multi-fidelity-setting.ts';

/** What a log does not hold of a run of `multiFidelity`. */
export interface LoggedMultiFidelityOptions {
  /** Needed where the run had one. */
  readonly acquisition?: Acquisition | undefined;
  /** Compute backend. Default: float64 WebAssembly. */
  readonly linalg?: LinearAlgebra | undefined;
}

/** Both options of `replaySuggestions`. */
export interface LoggedMultiFidelity {
  space(description: SpaceDescription, configured: ConfiguredSampler | undefined): SearchSpace;
  sampler(configured: ConfiguredSampler | undefined, space: SearchSpace): Promise<Sampler>;
}

/**
 * The space and the sampler of `multiFidelity` as the log of its study says, for `replaySuggestions`:
 * `replaySuggestions({ events, ...loggedMultiFidelity() })`.
 *
 * Both throw UnsupportedError for a log that an earlier version wrote, which lacks the budget and the costs, and for a run with an
 * acquisition of its own that is not given here.
 */
export function loggedMultiFidelity(given: LoggedMultiFidelityOptions = {}): LoggedMultiFidelity {
  return {
    space: (description, configured) => settingOfLog(description, configured, given).withFidelity.space,
    sampler: (configured, { description = {} }) => samplerOf(settingOfLog(description, configured, given)),
  };
}

function settingOfLog(
  description: SpaceDescription,
  configured: ConfiguredSampler | undefined,
  given: LoggedMultiFidelityOptions,
): Setting<Params> {
  const { acquisition, ...logged } = (configured?.options ?? {}) as Partial<Logged>;
  const { fidelity: fidelityName, fidelities, budget, costs, initialTrials } = logged;
  const refuse = (ability: string, advice: string) =>
    new UnsupportedError(ability, 'a replay of several fidelities', advice);
  if (fidelityName === undefined || !fidelities || budget === undefined)
    throw refuse(
      `the sampler ${configured?.name ?? 'that the log does not name'} without its fidelities and budget in the log`,
      'an earlier version wrote it, or a program that made the sampler itself: replaySuggestions takes that sampler',
    );
  if (acquisition !== undefined && !given.acquisition)
    throw refuse(
      `the acquisition ${acquisition}`,
      'its own program has it: loggedMultiFidelity({ acquisition }) takes it',
    );
  return settingOf<Params>({
    ...{ fidelityName, fidelities, budget, costs, initialTrials, ...given },
    space: baseOf(description, fidelityName),
    evaluate: () => {
      throw new InvalidArgumentError('evaluate', undefined, 'called by no replay');
    },
  });
}

/** The options of the sampler in a log. */
type Logged = Pick<MultiFidelityOptions<Params>, 'fidelities' | 'budget' | 'costs' | 'initialTrials'> & {
  /** Name of the parameter. */
  readonly fidelity: string;
  readonly acquisition: string;
};

/** The space without the fidelity. */
function baseOf(description: SpaceDescription, fidelityName: string): ParameterSpace {
  const { [fidelityName]: _, ...base } = description;
  return spaceOf(base as SpaceDescription);
}
