import type { TransferWhy, Why } from '@foothold/core';
import { isRecord } from '../is-record.ts';

/** The explanation of a part of a posterior as one of the whole: weights and gate times `share`. `more` goes beside it. */
export function scaleWeights(why: Why | undefined, share: number, more: Why = {}): Why {
  const found = why?.['transfer'];
  if (!isRecord(found)) return { transfer: { method: 'transfer', sources: [], gate: share, ...more } };
  const { sources, gate } = found as Partial<TransferWhy>;
  return {
    transfer: {
      ...found,
      sources: (sources ?? []).map((source) => ({ ...source, weight: source.weight * share })),
      gate: (gate ?? 1) * share,
      ...more,
    },
  };
}
