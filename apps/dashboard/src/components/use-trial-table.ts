import type { Trial } from '@foothold/core';
import { useEffect, useMemo, useState } from 'preact/hooks';
import { type TrialColumn, type TrialTable, trialTable } from './trials-table-model.ts';

/** The table, which keeps its sorting and columns while trials come; the component is drawn again when they change. */
export function useTrialTable(columns: readonly TrialColumn[], trials: readonly Trial[]): TrialTable {
  const [, redraw] = useState(0);
  const key = columns.map(({ id }) => id).join('\n');
  const table = useMemo(() => trialTable(columns, trials), [key]);
  if (table.options.data !== trials) table.setOptions((old) => ({ ...old, data: trials as Trial[] }));
  useEffect(() => {
    const { unsubscribe } = table.store.subscribe(() => redraw((count) => count + 1));
    return unsubscribe;
  }, [table]);
  return table;
}
