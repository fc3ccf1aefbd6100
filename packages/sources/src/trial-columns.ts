import type { Json } from '@foothold/core';
import { textOfCell, valueOfCell } from './csv-cell.ts';
import { optunaTime } from './optuna-time.ts';

/** What a table of a study says of a trial beside its parameters and outcome. */
export interface AboutTrial {
  readonly startedAt?: number;
  readonly finishedAt?: number;
  readonly attributes?: Readonly<Record<string, Json>>;
  readonly note?: string;
}

const attributePrefix = 'user_attrs_';

/** Columns of a table of ours, or of Optuna, beside those of the outcome. Times without a zone, as Optuna writes them, are local. */
export function aboutTrial(record: Readonly<Record<string, string>>): AboutTrial {
  const startedAt = optunaTime(record['datetime_start'], 'local');
  const finishedAt = optunaTime(record['datetime_complete'], 'local');
  const attributes = Object.entries(record).flatMap(([column, cell]) => {
    const value = column.startsWith(attributePrefix) ? valueOfCell(cell) : undefined;
    return value === undefined ? [] : [[column.slice(attributePrefix.length), value] as const];
  });
  const note = record['note'];
  return {
    ...(startedAt !== undefined && { startedAt }),
    ...(finishedAt !== undefined && { finishedAt }),
    ...(attributes.length > 0 && { attributes: Object.fromEntries(attributes) }),
    ...(note && { note: textOfCell(note) }),
  };
}

/** A sentence on columns that are not used; none where there are none. */
export function columnNotes(columns: readonly string[]): readonly string[] {
  return columns.length > 0 ? [`columns that are no parameters: ${columns.join(', ')}`] : [];
}

/** True for a column that `aboutTrial` reads. */
export function isAboutTrial(column: string): boolean {
  return (
    column.startsWith(attributePrefix) ||
    ['number', 'datetime_start', 'datetime_complete', 'duration', 'note'].includes(column)
  );
}
