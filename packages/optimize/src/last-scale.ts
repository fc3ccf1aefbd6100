import type {
  Direction,
  LinearAlgebra,
  Params,
  ProgramState,
  SampleRequest,
  Sampler,
  SearchSpace,
  Trial,
} from '@foothold/core';
import { autoSampler } from './auto-sampler.ts';
import { type ParameterShift, shifted } from './learning-rate-shift.ts';
import type { Scaled, ScaledSpace } from './scaled-space.ts';

/** The default sampler on the trials of the last scale, with the cheaper scales as earlier studies, shifted where told. */
export function lastScale<Q extends Params>({
  base,
  scaled,
  scales,
  linalg,
  direction,
}: {
  readonly base: SearchSpace<Q>;
  readonly scaled: ScaledSpace<Q>;
  readonly scales: readonly { readonly name: string; readonly shift?: ParameterShift | undefined }[];
  readonly linalg: LinearAlgebra;
  readonly direction: Direction;
}): Sampler {
  const last = scales.length - 1;
  return {
    name: 'last-scale',
    async sample<P extends Params>(request: SampleRequest<P>) {
      const levels = scales.map(() => [] as Trial<Q>[]);
      for (const trial of request.trials) {
        const { params, level } = scaled.apart(trial.params as unknown as Scaled<Q>);
        const { why: _, samplerState, ...rest } = trial;
        // Logs of before have the name `last`.
        const own = samplerState?.['targetSampler'] ?? samplerState?.['last'];
        const isState = typeof own === 'object' && own !== null && !Array.isArray(own);
        const told = isState ? { samplerState: own as ProgramState } : {};
        levels[level]!.push({
          ...rest,
          ...told,
          params: shifted(base, params, scales[level]!.shift).params,
        } as Trial<Q>);
      }
      const transfer = levels
        .slice(0, last)
        .flatMap((trials, t) =>
          trials.length > 0 ? [{ name: `scale ${scales[t]!.name}`, trials, direction }] : [],
        );
      const { [scaled.space.columns.at(-1)!.name]: _, ...fixed } = (request.fixed ?? {}) as Params;
      const proposals = await autoSampler({ linalg, transfer }).sample<Q>({
        ...(request as unknown as SampleRequest<Q>),
        space: base,
        trials: levels[last]!,
        fixed: fixed as Partial<Q>,
      });
      return proposals.map(({ params, ...rest }) => ({
        ...rest,
        params: scaled.at(params, last) as unknown as P,
      }));
    },
  };
}
