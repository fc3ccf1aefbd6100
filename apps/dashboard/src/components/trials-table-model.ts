import type { Trial } from '@foothold/core';
import {
  type ColumnDef,
  columnVisibilityFeature,
  constructTable,
  createSortedRowModel,
  rowSortingFeature,
  sortFn_alphanumeric,
  tableFeatures,
} from '@tanstack/table-core';
import { storeReactivityBindings } from '@tanstack/table-core/store-reactivity-bindings';

const features = tableFeatures({
  coreReactivityFeature: storeReactivityBindings(),
  rowSortingFeature,
  columnVisibilityFeature,
  sortedRowModel: createSortedRowModel(),
  sortFns: { alphanumeric: sortFn_alphanumeric },
});

/** A column of the table of trials. */
export interface TrialColumn {
  readonly id: string;
  readonly title: string;
  /** What is sorted; undefined comes last. */
  value(trial: Trial): string | number | undefined;
  /** What is printed where that is not the value. */
  text?(trial: Trial): string;
  /** Which colour of the charts' series stands before the value: from 0, −1 for none. */
  colorOf?(trial: Trial): number;
  readonly isNumber: boolean;
  readonly width: number;
  readonly isHidden?: boolean;
}

/** The TanStack table of these columns. */
export function trialTable(columns: readonly TrialColumn[], data: readonly Trial[]) {
  return constructTable({
    features,
    columns: columns.map(
      (column): ColumnDef<typeof features, Trial> => ({
        id: column.id,
        accessorFn: column.value,
        sortUndefined: 'last',
        sortFn: column.isNumber ? numbers : 'alphanumeric',
        sortDescFirst: false,
      }),
    ),
    data: data as Trial[],
    getRowId: ({ number }) => String(number),
    enableSortingRemoval: true,
    initialState: {
      sorting: [{ id: 'number', desc: true }],
      columnVisibility: Object.fromEntries(
        columns.filter(({ isHidden }) => isHidden).map(({ id }) => [id, false]),
      ),
    },
  });
}

export type TrialTable = ReturnType<typeof trialTable>;

interface Sorted {
  getValue(id: string): unknown;
}

/** Numbers in order; what is not finite comes last. */
function numbers(a: Sorted, b: Sorted, id: string): number {
  const [x, y] = [Number(a.getValue(id)), Number(b.getValue(id))];
  if (Number.isNaN(x) || Number.isNaN(y)) return Number(Number.isNaN(x)) - Number(Number.isNaN(y));
  return x < y ? -1 : x > y ? 1 : 0;
}
