import { type Dataset, datasetOf, type Params, type Rng, type SampleRequest } from '@foothold/core';

/** The data to maximize: one value, or the objectives under this ask's weights, whose code is loaded where there are several. */
export async function goalData<P extends Params>(request: SampleRequest<P>, rng: Rng): Promise<Dataset> {
  const { space, trials, direction, objectives } = request;
  if (!objectives || objectives.length < 2) return datasetOf(space, trials, direction);
  const { scalarized } = await import('./scalarized.ts');
  return datasetOf(space, scalarized(request, objectives, rng), 'maximize');
}
