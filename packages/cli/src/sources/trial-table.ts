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
  const records = recordsOf(text, file);
  if (records.length === 0)
    throw new InvalidArgumentError(file, 0, 'a heading and at least one line below it');
  return records.map((record, i) => {
    const line = `line ${i + 2} of ${file}`;
    if (i === 0 && Object.keys(record).every((name) => special.has(name)))
      throw new InvalidArgumentError(file, Object.keys(record), 'a heading with a column for each parameter');
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

function recordsOf(text: string, file: string): readonly Readonly<Record<string, string>>[] {
  try {
    return parse(text, {
      columns: (names: string[]) => {
        const twice = names.find((name, i) => names.indexOf(name) !== i);
        if (twice !== undefined)
          throw new InvalidArgumentError(`heading of ${file}`, twice, 'each name once');
        return names;
      },
      skip_empty_lines: true,
      trim: true,
      bom: true,
      delimiter: [',', ';', '\t'],
    });
  } catch (error) {
    if (error instanceof InvalidArgumentError) throw error;
    throw new InvalidArgumentError(
      file,
      error instanceof Error ? error.message : error,
      'CSV: a heading, then as many cells a line',
    );
  }
}

function cellValue(cell: string): number | string | boolean {
  if (cell === 'true' || cell === 'false') return cell === 'true';
  const value = Number(cell);
  return Number.isFinite(value) ? value : cell;
}
