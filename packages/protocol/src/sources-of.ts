import { InvalidArgumentError, type Storage } from '@foothold/core';
import { readSources } from '@foothold/sources';
import type { TransferSource } from '@foothold/study';
import { outcomeOf } from './outcome-of.ts';
import type { TransferSource as SourceRequest } from './request-schemas.ts';

export interface SourceOptions {
  /** The address where studies are looked for by name, and the folder of files. Default: the working directory. */
  readonly storage?: string | undefined;
  /** Opens the storage at an address. */
  readonly studiesIn: (address: string) => Storage;
  /** Parameters of the space that the sources are for. */
  readonly names: readonly string[];
}

/**
 * The sources that flags or the protocol name: files and studies of `storage`, an address, are read, trials given in the
 * request are checked.
 */
export async function sourcesOf(
  requests: readonly SourceRequest[],
  { storage = '.', studiesIn, names }: SourceOptions,
): Promise<readonly TransferSource[]> {
  const groups = await Promise.all(
    requests.map(async (request): Promise<readonly TransferSource[]> => {
      const { name, direction, metaFeatures, weight } = request;
      const named = {
        ...(name === undefined ? {} : { name }),
        ...(direction === undefined ? {} : { direction }),
        ...(metaFeatures === undefined ? {} : { metaFeatures }),
        ...(weight === undefined ? {} : { weight }),
      };
      if ('path' in request)
        return (
          await readSources(request.path, { folder: storage, storage: studiesIn(storage), parameters: names })
        ).map((source) => ({
          ...source,
          ...named,
        }));
      const waiting = request.trials.filter(
        ({ state, value }) => state === undefined && value === null,
      ).length;
      return [
        {
          ...named,
          ...(waiting > 0 && {
            unused: [`trials without a value are left out (${waiting} of ${request.trials.length})`],
          }),
          // null stands for a value that is not known yet, as in files.
          trials: request.trials.flatMap((trial) =>
            trial.state === undefined && trial.value === null
              ? []
              : [{ params: trial.params, ...outcomeOf(trial) }],
          ),
        },
      ];
    }),
  );
  const sources = groups.flat();
  if (requests.length > 0 && sources.every(({ trials }) => trials.length === 0))
    throw new InvalidArgumentError('transfer', requests.length, 'sources with at least one trial among them');
  return sources;
}
