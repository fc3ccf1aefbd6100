import type { SearchSpace } from '@foothold/core';
import type { TransferSource } from 'foothold';

export type SourceRequest = { readonly path: string; readonly name?: string | undefined } | TransferSource;

export async function sourcesOf(
  requests: readonly unknown[],
  _space: SearchSpace,
  _storage?: string,
): Promise<readonly TransferSource[]> {
  return requests as readonly TransferSource[];
}
