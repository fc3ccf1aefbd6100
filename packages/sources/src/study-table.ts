import type { Json, Trial } from '@foothold/core';
import type { StudyData } from '@foothold/study';
// The build for browsers brings what Node alone has: tables are written in workers too.
import { stringify } from 'csv-stringify/browser/esm/sync';
import { cellOf, textCellOf } from './csv-cell.ts';
import { optunaTimeText } from './optuna-time.ts';

interface Column {
  readonly heading: string;
  cell(trial: Trial): string;
}

/**
 * The trials of a study as CSV (RFC 4180), a line each under the headings of Optuna's `trials_dataframe`: number, state, value,
 * standardError, datetime_start and datetime_complete (UTC), `params_…`, `metrics_…`, `user_attrs_…`, reason, note. A
 * column that no trial has a cell for is left out. Intermediate values and the queue are in the JSON form only.
 */
export function studyTable({ trials, space = {} }: Pick<StudyData, 'trials' | 'space'>): string {
  const parameters = namesOf([
    Object.fromEntries(Object.keys(space).flatMap((name) => (name.startsWith('$') ? [] : [[name, null]]))),
    ...trials.map(({ params }) => params),
  ]);
  const metrics = namesOf(trials.map((trial) => (trial.state === 'complete' ? (trial.metrics ?? {}) : {})));
  const attributes = namesOf(trials.map((trial) => trial.attributes ?? {}));
  const columns: readonly Column[] = [
    { heading: 'number', cell: ({ number }) => String(number) },
    { heading: 'state', cell: ({ state }) => state },
    { heading: 'value', cell: (trial) => (trial.state === 'complete' ? cellOf(trial.value) : '') },
    {
      heading: 'standardError',
      cell: (trial) => (trial.state === 'complete' ? cellOf(trial.standardError) : ''),
    },
    { heading: 'datetime_start', cell: ({ startedAt }) => time(startedAt) },
    { heading: 'datetime_complete', cell: ({ finishedAt }) => time(finishedAt) },
    ...parameters.map((name) => ({
      heading: `params_${name}`,
      cell: ({ params }: Trial) => own(params, name),
    })),
    ...metrics.map((name) => ({
      heading: `metrics_${name}`,
      cell: (trial: Trial) => (trial.state === 'complete' ? own(trial.metrics, name) : ''),
    })),
    ...attributes.map((name) => ({
      heading: `user_attrs_${name}`,
      cell: (trial: Trial) => own(trial.attributes, name),
    })),
    { heading: 'reason', cell: (trial) => (trial.state === 'failed' ? textCellOf(trial.reason) : '') },
    { heading: 'note', cell: ({ note }) => (note === undefined ? '' : textCellOf(note)) },
  ];
  const always = new Set(['number', 'state', 'value']);
  const kept = columns.filter(
    ({ heading, cell }) =>
      always.has(heading) || heading.startsWith('params_') || trials.some((trial) => cell(trial) !== ''),
  );
  // A line break, or a sign that another table would have between its cells, is quoted in headings too.
  return stringify(
    [kept.map(({ heading }) => heading), ...trials.map((trial) => kept.map(({ cell }) => cell(trial)))],
    {
      record_delimiter: 'windows',
      quoted_match: /[;\t\r\n]|^\s|\s$/,
    },
  );
}

function namesOf(records: readonly Readonly<Record<string, unknown>>[]): readonly string[] {
  return [...new Set(records.flatMap((record) => Object.keys(record)))];
}

function own(record: Readonly<Record<string, Json>> | undefined, name: string): string {
  return record && Object.hasOwn(record, name) ? cellOf(record[name]) : '';
}

function time(ms: number | undefined): string {
  return ms === undefined ? '' : `${optunaTimeText(ms, 'utc', 'T')}Z`;
}
