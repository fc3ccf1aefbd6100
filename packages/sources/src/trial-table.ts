import { InvalidArgumentError, type Params } from '@foothold/core';
import type { PastTrial } from '@foothold/study';
import { parse } from 'csv-parse/sync';
import { textOfCell, valueOfCell } from './csv-cell.ts';
import { isNotFinite } from './lenient-json.ts';
import { type Notes, notes } from './notes.ts';
import { stateOf } from './state-of.ts';
import { type AboutTrial, aboutTrial } from './trial-columns.ts';

/** Columns that are not parameters, unless the space has a parameter of this name. */
const special = new Set(['state', 'reason', 'number', 'standardError']);
/** How Optuna's table of trials names parameters; everything else in it is no parameter. */
const prefix = 'params_';
const metricPrefix = 'metrics_';

export interface TableOptions {
  /** For messages. */
  readonly file: string;
  /** Parameters of the space that the trials are for, where it is known. */
  readonly names?: readonly string[] | undefined;
}

export interface TrialTable {
  readonly trials: readonly PastTrial<Params>[];
  /** Of each trial; a source does not use it. */
  readonly about: readonly AboutTrial[];
  /** Columns that are no parameters and no part of the outcome. */
  readonly otherColumns: readonly string[];
  /** What of the cells was not used: sentences with counts. */
  readonly remarks: readonly string[];
}

/**
 * Past trials of a CSV text: a heading, a column for each parameter and one named `value`; optionally `state`, `reason`
 * and `standardError`, where these are no parameters of the space. Cells are separated by commas, semicolons or tabs,
 * whichever the heading has most of; where it is not the comma, a comma may stand before decimals. Numbers and true/false
 * are read as such; an empty cell is a parameter that the trial does not have, an empty value one that is not known yet,
 * NaN and Infinity a failure. Tables of Optuna (`trials_dataframe`) are read too. Throws InvalidArgumentError with the
 * line.
 */
export function trialsOfCsv(text: string, { file, names = [] }: TableOptions): TrialTable {
  const delimiter = delimiterOf(text);
  const records = recordsOf(text, { file, delimiter });
  const columns = Object.keys(records[0]?.record ?? {});
  if (records.length === 0)
    throw new InvalidArgumentError(file, text.slice(0, 200), 'a heading and at least one line below it');
  const roles = rolesOf(columns, names);
  const { parameters, ofOptuna, unused } = roles;
  if (parameters.length === 0)
    throw new InvalidArgumentError(file, columns, 'a heading with a column for each parameter');
  if (!columns.includes('value'))
    throw new InvalidArgumentError(
      file,
      columns,
      columns.includes('values_0')
        ? 'a study of one objective: rename the values_ column that counts to value'
        : 'a heading with a column named value',
    );
  if (names.includes('value'))
    throw new InvalidArgumentError(
      file,
      columns,
      'JSON: in a table the column value is the outcome, and the space has a parameter of this name',
    );
  const remarks = notes();
  const trials = records.map((line) => pastTrial(line, { file, delimiter, roles, remarks }));
  const about = records.map(({ record }) => (ofOptuna ? aboutTrial(record) : {}));
  return { trials, about, otherColumns: unused, remarks: remarks.lines(trials.length) };
}

interface Reading {
  readonly file: string;
  readonly delimiter: Delimiter;
  readonly roles: Roles;
  readonly remarks: Notes;
}

/** The trial in a line of the table. Throws InvalidArgumentError. */
function pastTrial({ record, line }: Line, { file, delimiter, roles, remarks }: Reading): PastTrial<Params> {
  const { parameters, metrics, ofOptuna, read } = roles;
  const params = Object.fromEntries(
    parameters.flatMap(([column, name]) => {
      const given = record[column]!;
      const cell = ofOptuna ? plainCell(given) : cellValue(given, delimiter);
      if (cell === undefined && given !== '') remarks.add(`${name}: left out where it is not finite`);
      return cell === undefined ? [] : [[name, cell]];
    }),
  );
  const at = (column: string) => `${column} in line ${line} of ${file}`;
  const cellOf = (column: string) => (read.has(column) ? record[column]! : '');
  const state = stateOf(cellOf('state'), at('state'));
  if (state === 'failed') return { params, state, reason: textOfCell(cellOf('reason')) || 'failed before' };
  if (state === 'pruned' || state === 'running') return { params, state };
  const given = record['value']!;
  if (given === '') return { params, state: 'running' };
  if (isNotFinite(given)) return { params, state: 'failed', reason: `its value was ${given}` };
  const value = cellValue(given, delimiter);
  if (typeof value !== 'number')
    throw new InvalidArgumentError(at('value'), given, 'a finite number, nothing, or a state of failed');
  const error = cellValue(cellOf('standardError'), delimiter);
  if (error !== undefined && (typeof error !== 'number' || error < 0))
    throw new InvalidArgumentError(
      at('standardError'),
      cellOf('standardError'),
      'a number from 0, or nothing',
    );
  const figures = Object.fromEntries(
    metrics.flatMap(([column, name]) => {
      const figure = cellValue(record[column]!, delimiter);
      return typeof figure === 'number' ? [[name, figure]] : [];
    }),
  );
  return {
    params,
    value,
    ...(error !== undefined && { standardError: error }),
    ...(Object.keys(figures).length > 0 && { metrics: figures }),
  };
}

interface Roles {
  /** Column and name of each parameter. */
  readonly parameters: readonly (readonly [string, string])[];
  /** Column and name of each metric. */
  readonly metrics: readonly (readonly [string, string])[];
  /** True for a table of ours, or of Optuna: parameters have a prefix. */
  readonly ofOptuna: boolean;
  /** Columns beside `value` that say something about the trial. */
  readonly read: ReadonlySet<string>;
  /** Further columns. */
  readonly unused: readonly string[];
}

/** What each column is: the space's names come before the special ones. */
function rolesOf(columns: readonly string[], names: readonly string[]): Roles {
  const ofOptuna = columns.some((column) => column.startsWith(prefix) && !names.includes(column));
  const isParameter = (column: string) =>
    ofOptuna
      ? column.startsWith(prefix)
      : names.includes(column) || !(special.has(column) || column === 'value' || column === '');
  const read = new Set(
    ['state', 'reason', 'standardError'].filter((column) => columns.includes(column) && !isParameter(column)),
  );
  const isMetric = (column: string) => ofOptuna && column.startsWith(metricPrefix);
  return {
    parameters: columns
      .filter(isParameter)
      .map((column) => [column, ofOptuna ? column.slice(prefix.length) : column]),
    metrics: columns.filter(isMetric).map((column) => [column, column.slice(metricPrefix.length)]),
    ofOptuna,
    read,
    unused: columns.filter(
      (column) =>
        !isParameter(column) && !isMetric(column) && !read.has(column) && column !== 'value' && column !== '',
    ),
  };
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

/** A cell of a table of ours, or of Optuna, as a parameter. */
function plainCell(cell: string): Params[string] | undefined {
  const value = valueOfCell(cell);
  return typeof value === 'object' && value !== null ? cell : (value as Params[string] | undefined);
}

/** A cell as a value; undefined where it is empty or not a number at all. */
function cellValue(cell: string, delimiter: Delimiter): number | string | boolean | undefined {
  if (cell === '' || isNotFinite(cell)) return undefined;
  if (/^(true|false)$/i.test(cell)) return cell.toLowerCase() === 'true';
  const text = delimiter !== ',' && /^[-+]?\d+,\d+(e[-+]?\d+)?$/i.test(cell) ? cell.replace(',', '.') : cell;
  const value = Number(text);
  return Number.isFinite(value) ? value : cell;
}
