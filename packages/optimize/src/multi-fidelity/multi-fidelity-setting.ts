import { logMultiFidelityKnowledgeGradient } from '@foothold/acquisitions';
import type { Json, Params, Sampler, Trial, Why } from '@foothold/core';
import { multiFidelity as multiFidelityModel } from '@foothold/gp-models';
import { wasm } from '@foothold/linalg';
import { multiFidelitySampler } from '@foothold/samplers';
import { shiftText } from '../learning-rate-shift.ts';
import { withExplanation } from '../with-explanation.ts';
import { type CheckedFidelity, checkedFidelities } from './checked-fidelities.ts';
import { type FidelityCostOptions, fidelityCosts } from './fidelity-costs.ts';
import { type FidelitySpace, fidelitySpace, type WithFidelity } from './fidelity-space.ts';
import type { MultiFidelityOptions } from './multi-fidelity-options.ts';
import { targetFidelitySampler } from './target-fidelity-sampler.ts';

/** A run's options with what follows from them. */
export interface Setting<P extends Params> {
  readonly options: MultiFidelityOptions<P>;
  readonly fidelities: readonly CheckedFidelity<P>[];
  readonly withFidelity: FidelitySpace<P>;
  readonly costs: FidelityCostOptions;
}

/** Throws InvalidArgumentError for fidelities, costs and a budget that cannot be. */
export function settingOf<P extends Params>(options: MultiFidelityOptions<P>): Setting<P> {
  const { fidelityName = 'fidelity', budget } = options;
  const fidelities = checkedFidelities(options);
  const values = fidelities.map(({ fidelity }) => fidelity);
  const shifts = fidelities.map(({ shift }) => shift);
  const withFidelity = fidelitySpace(options.space, { name: fidelityName, fidelities: values, shifts });
  const given = options.costs === 'measured' ? undefined : fidelities.map((f) => f.cost ?? f.fidelity);
  const levelOf = (trial: Trial) => withFidelity.split(trial.params as WithFidelity<P>).level;
  return { options, fidelities, withFidelity, costs: { fidelities: values, given, levelOf, budget } };
}

/** The sampler of a run. Its options are what a log needs, beside the space, to make it again. */
export async function samplerOf<P extends Params>({
  options,
  fidelities,
  withFidelity,
  costs,
}: Setting<P>): Promise<Sampler> {
  const { fidelityName = 'fidelity' } = options;
  const { columns } = withFidelity.space;
  const linalg = options.linalg ?? (await wasm());
  const sampler = multiFidelitySampler({
    surrogate: multiFidelityModel({ columns, fidelityColumn: withFidelity.column, linalg }),
    acquisition: options.acquisition ?? logMultiFidelityKnowledgeGradient(),
    fidelity: fidelityName,
    costBudget: (trials) => fidelityCosts(trials, costs),
    targetSampler: targetFidelitySampler({ base: options.space, withFidelity, levels: fidelities, linalg }),
    initialTrials: options.initialTrials,
  });
  return {
    ...withExplanation(sampler, { sampler: 'multi-fidelity', ...shiftNotes(fidelities) }),
    options: { ...(sampler.options as Readonly<Record<string, Json>>), ...loggedOptions(options) },
  };
}

/** What decides the suggestions, as the log has it. */
function loggedOptions<P extends Params>(options: MultiFidelityOptions<P>): Readonly<Record<string, Json>> {
  const { budget, costs, acquisition, linalg } = options;
  const isMeasured = costs === 'measured';
  return {
    fidelities: options.fidelities.map(({ fidelity, name, cost, shift }) => ({
      fidelity,
      ...(name !== undefined && { name }),
      ...(!isMeasured && { cost: cost ?? fidelity }),
      ...(shift && { shift: { parameter: shift.parameter, factor: shift.factor } }),
    })),
    budget,
    ...(isMeasured && { costs }),
    ...(acquisition && { acquisition: acquisition.name ?? 'unnamed' }),
    ...(linalg && { linalg: linalg.name }),
  };
}

/** The shifts of the fidelities, by name; empty without any. */
function shiftNotes<P extends Params>(fidelities: readonly CheckedFidelity<P>[]): Why {
  const shifts = fidelities.flatMap(({ name, shift }) => (shift ? [[name, shiftText(shift)] as const] : []));
  return shifts.length > 0 ? { shifts: Object.fromEntries(shifts) } : {};
}
