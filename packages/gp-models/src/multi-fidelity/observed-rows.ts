import { type Dataset, selectRows } from '@foothold/core';

/** The rows without penalties: a failed trial is no evidence of what other fidelities say. The data itself where it has none. */
export function observedRows(data: Dataset): Dataset {
  const { isPenalty } = data;
  if (!isPenalty?.includes(true)) return data;
  return selectRows(
    data,
    isPenalty.flatMap((is, i) => (is ? [] : [i])),
  );
}
