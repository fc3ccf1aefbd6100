import type { Direction, SearchSpace, Trial } from '@foothold/core';
import { mapStudyToSpace } from '@foothold/space';
import type { PastTrial } from '@foothold/study';
import { namedSources } from './named-sources.ts';
import type { TransferOptions } from './transfer-options.ts';

/** The earlier studies in the new one's space and direction, and what of each could not be used: sentences. */
export async function mappedSources(
  space: SearchSpace,
  direction: Direction,
  transfer: NonNullable<TransferOptions['transfer']>,
) {
  return (await namedSources(transfer, direction)).map((given) => {
    const { task: source, warnings } = mapStudyToSpace(space, {
      ...given,
      trials: given.trials.flatMap(asTrial),
    });
    return { source, unused: [...(given.unused ?? []), ...warnings] };
  });
}

/** A past trial as a source has it; its reports play no part. */
export function asTrial(past: PastTrial): readonly Trial[] {
  return [{ number: 0, reports: [], ...past, state: past.state ?? 'complete' } as Trial];
}
