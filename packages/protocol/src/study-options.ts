import type { LinearAlgebra, ParameterDescription, Params, SearchSpace } from '@foothold/core';
import { spaceOf, withTrainingFidelity } from '@foothold/space';
import type { StudyOptions, TransferSource } from '@foothold/study';
import { prunerNamed } from './pruner-named.ts';
import type { RequestOf } from './request-schemas.ts';
import { samplerNamed } from './sampler-named.ts';

/** What a `create` says of the study itself, not of where it is and whose its trials are. */
export type StudyRequest = Omit<
  RequestOf<'create'>,
  'op' | 'name' | 'storage' | 'lease' | 'retries' | 'late' | 'holds' | 'matrix' | 'transfer'
>;

/** Options of a study beside its name and storage. */
export type RequestedOptions = Pick<
  StudyOptions<Params>,
  | 'space'
  | 'sampler'
  | 'pruner'
  | 'direction'
  | 'objectives'
  | 'constraints'
  | 'cost'
  | 'repeat'
  | 'fidelity'
  | 'seed'
  | 'trials'
>;

/** The space that a request means: its parameters with its constraints, and the fidelity where there is one. Throws InvalidArgumentError. */
export function spaceOfRequest({
  space,
  constraints,
  fidelity,
}: Pick<StudyRequest, 'space' | 'constraints' | 'fidelity'>): SearchSpace {
  const whole = spaceOf({
    ...(space as Record<string, ParameterDescription>),
    ...(constraints === undefined ? {} : { $constraints: constraints }),
  } as Parameters<typeof spaceOf>[0]);
  return fidelity ? withTrainingFidelity(whole, fidelity) : whole;
}

/** The options that a request means, with `sources` as the earlier studies. Throws InvalidArgumentError. */
export async function studyOptionsOf(
  request: StudyRequest,
  {
    sources,
    linalg,
  }: { readonly sources: readonly TransferSource[]; readonly linalg: () => Promise<LinearAlgebra> },
): Promise<RequestedOptions> {
  const { method, gated, metaFeatures, fidelity } = request;
  const named = { sources, method, gated, metaFeatures, linalg, fidelity };
  return {
    space: spaceOfRequest(request),
    sampler: await samplerNamed(request.sampler ?? 'auto', named),
    pruner: request.pruner === undefined ? undefined : prunerNamed(request.pruner),
    ...(request.direction === undefined && request.objectives
      ? {}
      : { direction: request.direction ?? 'minimize' }),
    ...(request.objectives === undefined ? {} : { objectives: request.objectives }),
    ...(request.limits === undefined ? {} : { constraints: request.limits }),
    ...(request.cost === undefined ? {} : { cost: request.cost }),
    ...(request.repeat === undefined ? {} : { repeat: request.repeat }),
    ...(fidelity === undefined ? {} : { fidelity }),
    seed: request.seed,
    trials: request.trials,
  };
}
