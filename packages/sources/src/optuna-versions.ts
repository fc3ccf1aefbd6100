import { InvalidArgumentError } from '@foothold/core';
import type { Zone } from './optuna-time.ts';

/** Versions of Optuna that a study can be exported for. They have one schema; before 5 they keep times without a zone. */
export type OptunaVersion = 3 | 4 | 5;

const versions: Readonly<Record<OptunaVersion, { readonly library: string; readonly zone: Zone }>> = {
  3: { library: '3.6.2', zone: 'local' },
  4: { library: '4.2.1', zone: 'local' },
  5: { library: '5.0.0', zone: 'utc' },
};

/** How this version writes. Throws InvalidArgumentError for another one. */
export function optunaVersion(version: OptunaVersion): { readonly library: string; readonly zone: Zone } {
  if (!Object.hasOwn(versions, version))
    throw new InvalidArgumentError('the version of Optuna', version, '3, 4 or 5');
  return versions[version];
}
