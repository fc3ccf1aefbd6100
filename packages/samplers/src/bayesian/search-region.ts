import type { AcquisitionProblem, Dataset, Params, SampleRequest, Why } from '@foothold/core';

/** Where an ask looks, and from which rows the model learns. `why` is recorded as `why.searchRegion`. */
export type SearchRegion = <P extends Params>(
  request: SampleRequest<P>,
  data: Dataset,
) => {
  readonly data: Dataset;
  readonly region?: AcquisitionProblem['region'];
  readonly why: Why;
};
