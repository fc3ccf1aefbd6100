import { InvalidArgumentError, type Params } from '@foothold/core';
import type { PastTrial } from '@foothold/study';
import { parse } from 'csv-parse/sync';

/** Columns that are not parameters. */
const special = new Set(['value', 'state', 'reason', 'number', 'standardError']);

/**
 * Past trials of a CSV text: a heading, a column for each parameter and one named `value`; optionally `state` and `reason`.
 * Numbers and true/false are read as such; an empty cell is a parameter that the trial does not have. Throws
 * InvalidArgumentError with the line.
 */
export function trialsOfCsv(text: string, file: string): readonly PastTrial<Params>[] {
  const records = parse(text, {
    columns: true,
    skip_empty_lines: true,
    trim: true,
    bom: true,
  }) as readonly Readonly<Record<string, string>>[];
  return records.map((record, i) => {
    const line = `line ${i + 2} of ${file}`;
    if (!('value' in record))
      throw new InvalidArgumentError(file, Object.keys(record), 'a heading with a column named value');
    const params = Object.fromEntries(
      Object.entries(record).flatMap(([name, cell]) =>
        special.has(name) || cell === '' ? [] : [[name, cellValue(cell)]],
      ),
    );
    if (record['state'] === 'failed')
      return { params, state: 'failed', reason: record['reason'] || 'failed before' };
    if (record['state'] === 'pruned') return { params, state: 'pruned' };
    const value = Number(record['value']);
    if (record['value'] === '' || !Number.isFinite(value))
      throw new InvalidArgumentError(
        `value in ${line}`,
        record['value'],
        'a finite number, or a state of failed',
      );
    return { params, value };
  });
}

function cellValue(cell: string): number | string | boolean {
  if (cell === 'true' || cell === 'false') return cell === 'true';
  const value = Number(cell);
  return Number.isFinite(value) ? value : cell;
}
