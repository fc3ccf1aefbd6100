import { InvalidArgumentError, type Params } from '@foothold/core';
import type { PastTrial } from '@foothold/study';
import { parse } from 'csv-parse/sync';
import { isNotFinite } from './lenient-json.ts';

/** Columns that are not parameters. */
const special = new Set(['value', 'state', 'reason', 'number', 'standardError', '']);
/** How Optuna's table of trials names parameters; everything else in it is no parameter. */
const prefix = 'params_';

/**
 * Past trials of a CSV text: a heading, a column for each parameter and one named `value`; optionally `state` and `reason`.
 * Cells are separated by commas, semicolons or tabs, whichever the heading has most of; where it is not the comma, a comma
 * may stand before decimals. Numbers and true/false are read as such; an empty cell is a parameter that the trial does not
 * have, an empty value one that is not known yet, NaN and Infinity a failure. Tables of Optuna (`trials_dataframe`) are
 * read too. Throws InvalidArgumentError with the line.
 */
export function trialsOfCsv(text: string, file: string): readonly PastTrial<Params>[] {
  const delimiter = delimiterOf(text);
  const records = recordsOf(text, { file, delimiter });
  const names = Object.keys(records[0]?.record ?? {});
  if (records.length === 0)
    throw new InvalidArgumentError(file, 0, 'a heading and at least one line below it');
  const ofOptuna = names.some((name) => name.startsWith(prefix));
  const parameters = names.flatMap((name): readonly (readonly [string, string])[] => {
    if (ofOptuna) return name.startsWith(prefix) ? [[name, name.slice(prefix.length)]] : [];
    return special.has(name) ? [] : [[name, name]];
  });
  if (parameters.length === 0)
    throw new InvalidArgumentError(file, names, 'a heading with a column for each parameter');
  if (!names.includes('value'))
    throw new InvalidArgumentError(
      file,
      names,
      names.includes('values_0')
        ? 'a study of one objective: rename the values_ column that counts to value'
        : 'a heading with a column named value',
    );
  return records.map(({ record, line }): PastTrial<Params> => {
    const params = Object.fromEntries(
      parameters.flatMap(([column, name]) => {
        const cell = cellValue(record[column]!, delimiter);
        return cell === undefined ? [] : [[name, cell]];
      }),
    );
    const state = record['state']?.toLowerCase();
    if (state === 'failed' || state === 'fail')
      return { params, state: 'failed', reason: record['reason'] || 'failed before' };
    if (state === 'pruned' || state === 'running') return { params, state };
    const given = record['value']!;
    if (given === '' || state === 'waiting') return { params, state: 'running' };
    if (isNotFinite(given)) return { params, state: 'failed', reason: `its value was ${given}` };
    const value = cellValue(given, delimiter);
    if (typeof value !== 'number')
      throw new InvalidArgumentError(
        `value in line ${line} of ${file}`,
        given,
        'a finite number, nothing, or a state of failed',
      );
    return { params, value };
  });
}

type Delimiter = ',' | ';' | '\t';

/** What the heading has most of, outside quotes. */
function delimiterOf(text: string): Delimiter {
  const heading = (/^\s*([^\r\n]*)/.exec(text)?.[1] ?? '').replaceAll(/"[^"]*"/g, '');
  const counts = ([',', ';', '\t'] as const).map((mark) => ({ mark, count: heading.split(mark).length }));
  return counts.reduce((best, next) => (next.count > best.count ? next : best)).mark;
}

interface Line {
  readonly record: Readonly<Record<string, string>>;
  /** Line of the file on which the record ends, from 1. */
  readonly line: number;
}

function recordsOf(
  text: string,
  { file, delimiter }: { readonly file: string; readonly delimiter: Delimiter },
): readonly Line[] {
  try {
    const rows = parse(text, {
      columns: (names: string[]) => {
        const twice = names.find((name, i) => names.indexOf(name) !== i);
        if (twice !== undefined)
          throw new InvalidArgumentError(`heading of ${file}`, twice, 'each name once');
        return names;
      },
      skip_empty_lines: true,
      trim: true,
      bom: true,
      delimiter,
      info: true,
    }) as unknown as readonly {
      readonly record: Line['record'];
      readonly info: { readonly lines: number };
    }[];
    return rows.map(({ record, info }) => ({ record, line: info.lines }));
  } catch (error) {
    if (error instanceof InvalidArgumentError) throw error;
    throw new InvalidArgumentError(
      file,
      error instanceof Error ? error.message : error,
      'CSV: a heading, then as many cells a line',
    );
  }
}

/** A cell as a value; undefined where it is empty or not a number at all. */
function cellValue(cell: string, delimiter: Delimiter): number | string | boolean | undefined {
  if (cell === '' || isNotFinite(cell)) return undefined;
  if (/^(true|false)$/i.test(cell)) return cell.toLowerCase() === 'true';
  const text = delimiter !== ',' && /^[-+]?\d+,\d+(e[-+]?\d+)?$/i.test(cell) ? cell.replace(',', '.') : cell;
  const value = Number(text);
  return Number.isFinite(value) ? value : cell;
}
