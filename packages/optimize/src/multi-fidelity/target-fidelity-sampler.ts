import type {
  Advice,
  Direction,
  Json,
  LinearAlgebra,
  Params,
  SampleRequest,
  Sampler,
  SearchSpace,
  Trial,
} from '@foothold/core';
import type { TransferSource } from '@foothold/study';
import { autoSampler } from '../auto-sampler.ts';
import { type ParameterShift, shifted } from '../learning-rate-shift.ts';
import type { FidelitySpace, WithFidelity } from './fidelity-space.ts';

interface TargetFidelityOptions<Q extends Params> {
  readonly base: SearchSpace<Q>;
  readonly withFidelity: FidelitySpace<Q>;
  /** The cheapest first; the last is the target. */
  readonly levels: readonly { readonly name: string; readonly shift?: ParameterShift | undefined }[];
  readonly linalg: LinearAlgebra;
}

/**
 * The default sampler on the trials of the target fidelity, with the cheaper fidelities as earlier studies, shifted where
 * they have a shift. Between two asks without a change at a cheaper fidelity it keeps what it prepared of the sources.
 */
export function targetFidelitySampler<Q extends Params>(options: TargetFidelityOptions<Q>): Sampler {
  const { withFidelity, levels } = options;
  const target = levels.length - 1;
  const fidelityName = withFidelity.space.columns[withFidelity.column]!.name;
  const { base, ownTrial } = ownTrials(options);
  const samplerFor = keptSampler(options);
  return {
    name: 'target-fidelity',
    async sample<P extends Params>(request: SampleRequest<P>) {
      const byLevel = levels.map(() => [] as Trial<Q>[]);
      for (const trial of request.trials) {
        const { level, own } = ownTrial(trial, request.space as unknown as SearchSpace);
        // Its parameters are the nearest ones inside: as a source it would say of those what is true elsewhere.
        if (level === target || own.outside === undefined) byLevel[level]!.push(own);
      }
      const inBase = ({ [fidelityName]: _, ...params }: Params) => params;
      const { advice } = request;
      const proposals = await samplerFor(byLevel.slice(0, target), request.direction).sample<Q>({
        ...(request as SampleRequest),
        space: base,
        trials: byLevel[target]!,
        fixed: inBase((request.fixed ?? {}) as Params) as Partial<Q>,
        advice: advice && (async () => adviceOn(await advice(), (params) => inBase(params) as Q)),
      });
      return proposals.map(({ params, ...rest }) => ({
        ...rest,
        params: withFidelity.at(params, target) as Params as P,
      }));
    },
  };
}

/**
 * A function to a trial's level and the trial in the space without the fidelity, at shifted parameters; the same object for the same
 * trial. `base` is that space, which knows the points of trials outside of it.
 */
function ownTrials<Q extends Params>({ base, withFidelity, levels }: TargetFidelityOptions<Q>) {
  const known = new WeakMap<Trial<Params>, { readonly level: number; readonly own: Trial<Q> }>();
  const outside = new WeakMap<object, Float64Array>();
  const ownTrial = (trial: Trial, space: SearchSpace) => {
    const found = known.get(trial);
    if (found) return found;
    const { params, level } = withFidelity.split(trial.params as WithFidelity<Q>);
    const { why: _, samplerState, ...rest } = trial;
    // `multiFidelitySampler` keeps this sampler's state under `targetSampler`; in logs of format 1 its name is `last`.
    const state = asObject(samplerState?.['targetSampler'] ?? samplerState?.['last']);
    const own = {
      ...rest,
      ...(state && { samplerState: state }),
      params: shifted(base, params, levels[level]!.shift).params,
    } as Trial<Q>;
    if (trial.outside !== undefined)
      outside.set(own.params, space.encode(trial.params).slice(0, withFidelity.column));
    const made = { level, own };
    known.set(trial, made);
    return made;
  };
  const encode = (params: Q) => outside.get(params)?.slice() ?? base.encode(params);
  return { base: { ...base, encode }, ownTrial };
}

/** A function from the trials of the cheaper fidelities to the sampler that starts from them: the one before where none has changed. */
function keptSampler<Q extends Params>({ levels, linalg }: TargetFidelityOptions<Q>) {
  let kept: { readonly trials: readonly (readonly Trial<Q>[])[]; readonly sampler: Sampler } | undefined;
  return (trials: readonly (readonly Trial<Q>[])[], direction: Direction): Sampler => {
    if (kept && areSame(kept.trials, trials)) return kept.sampler;
    const transfer = trials.flatMap((past, level): TransferSource[] =>
      past.length > 0 ? [{ name: `fidelity ${levels[level]!.name}`, trials: past, direction }] : [],
    );
    const sampler = autoSampler({ linalg, transfer });
    kept = { trials, sampler };
    return sampler;
  };
}

function areSame<T>(a: readonly (readonly T[])[], b: readonly (readonly T[])[]): boolean {
  return a.every(
    (row, level) => row.length === b[level]!.length && row.every((trial, i) => trial === b[level]![i]),
  );
}

function asObject(value: Json | undefined): { readonly [key: string]: Json } | undefined {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
    ? (value as { readonly [key: string]: Json })
    : undefined;
}

/** The advice with other parameters. */
function adviceOn<P extends Params, Q extends Params>(
  advice: Advice<P> | undefined,
  map: (params: P) => Q,
): Advice<Q> | undefined {
  if (!advice) return undefined;
  const { candidates, preferred, prior } = advice;
  return {
    candidates: candidates.map(map),
    ...(preferred && { preferred: map(preferred) }),
    ...(prior && { prior: { ...prior, around: prior.around.map(map) } }),
  };
}
