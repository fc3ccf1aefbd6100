import { InvalidArgumentError, type Storage } from '@foothold/core';
import type { TransferSource } from '@foothold/study';
import { outcomeOf } from './outcome-of.ts';
import type { TransferSource as SourceRequest } from './request-schemas.ts';

/** A source whose trials stand in the request. */
export type GivenSource = Extract<SourceRequest, { readonly trials: unknown }>;

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
      if (!('path' in request)) return [givenSource(request)];
      const { readSources } = await import('@foothold/sources');
      const read = await readSources(request.path, {
        folder: storage,
        storage: studiesIn(storage),
        parameters: names,
      });
      return read.map((source) => ({ ...source, ...namedOf(request) }));
    }),
  );
  const sources = groups.flat();
  refuseEmpty(sources, requests.length);
  return sources;
}

/** Throws InvalidArgumentError where sources were requested and none has a trial. */
export function refuseEmpty(sources: readonly TransferSource[], requested: number): void {
  if (requested > 0 && sources.every(({ trials }) => trials.length === 0))
    throw new InvalidArgumentError(
      'transfer',
      sources.length > 0 ? sources.map(({ name = 'unnamed' }) => name) : requested,
      'sources with at least one trial among them',
    );
}

/** What a request says of a source beside its trials. */
export function namedOf({
  name,
  direction,
  metaFeatures,
  weight,
}: Omit<GivenSource, 'trials'>): Omit<TransferSource, 'trials'> {
  return {
    ...(name === undefined ? {} : { name }),
    ...(direction === undefined ? {} : { direction }),
    ...(metaFeatures === undefined ? {} : { metaFeatures }),
    ...(weight === undefined ? {} : { weight }),
  };
}

/** The source whose trials stand in the request. Throws InvalidArgumentError for a trial without an outcome. */
export function givenSource(request: GivenSource): TransferSource {
  const { trials } = request;
  const isWaiting = ({ state, value }: (typeof trials)[number]) => state === undefined && value === null;
  const waiting = trials.filter(isWaiting).length;
  return {
    ...namedOf(request),
    ...(waiting > 0 && {
      unused: [`trials without a value are left out (${waiting} of ${trials.length})`],
    }),
    // null stands for a value that is not known yet, as in files.
    trials: trials.flatMap((trial) =>
      isWaiting(trial) ? [] : [{ params: trial.params, ...outcomeOf(trial) }],
    ),
  };
}
