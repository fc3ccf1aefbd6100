import type { Direction, Json, Trial } from '@foothold/core';
import { isDrawable } from './number-scale.ts';

/** Rows of texts and numbers under named columns, for a section of a report. */
export interface ReportTable {
  readonly caption?: string;
  readonly columns: readonly string[];
  readonly rows: readonly (readonly (string | number | boolean | null | undefined)[])[];
  /** Index of a row to mark. */
  readonly best?: number | undefined;
}

/** Rows of a table that a page still handles well. */
const maxRows = 1000;

/** The trials with their state, value, parameters, metrics, durations, attributes and notes, in order, the best one marked. Of more than 1,000 the best 1,000 are listed, which the caption says. `value` names the column of the values. */
export function trialTable(trials: readonly Trial[], direction: Direction, value = 'value'): ReportTable {
  const sign = direction === 'minimize' ? 1 : -1;
  const rankOf = (t: Trial) => (t.state === 'complete' && isDrawable(t.value) ? sign * t.value : Infinity);
  const ranked = [...trials].sort((a, b) => order(rankOf(a), rankOf(b)) || a.number - b.number);
  const listed = new Set(ranked.slice(0, maxRows));
  const shown = trials.filter((t) => listed.has(t));
  const names = [...new Set(trials.flatMap((t) => Object.keys(t.params)))];
  const metrics = [
    ...new Set(trials.flatMap((t) => (t.state === 'complete' ? Object.keys(t.metrics ?? {}) : []))),
  ];
  const attributes = [...new Set(trials.flatMap((t) => Object.keys(t.attributes ?? {})))];
  const durations = shown.some((t) => secondsOf(t) !== undefined);
  const notes = shown.some((t) => t.note !== undefined);
  const reasons = shown.some((t) => t.state === 'failed');
  const best = ranked[0] !== undefined && rankOf(ranked[0]) < Infinity ? shown.indexOf(ranked[0]) : -1;
  return {
    caption:
      shown.length < trials.length
        ? `the best ${shown.length} of ${trials.length} trials`
        : `${trials.length} trials`,
    columns: [
      ...['trial', 'state', value, ...names, ...metrics],
      ...(durations ? ['duration (s)'] : []),
      ...attributes,
      ...(notes ? ['note'] : []),
      ...(reasons ? ['reason'] : []),
    ],
    rows: shown.map((t) => [
      t.number,
      stateText(t),
      t.state === 'complete' ? t.value : undefined,
      ...names.map((name) => t.params[name]),
      ...metrics.map((name) => (t.state === 'complete' ? t.metrics?.[name] : undefined)),
      ...(durations ? [secondsOf(t)] : []),
      ...attributes.map((name) => shownAttribute(t.attributes?.[name])),
      ...(notes ? [t.note] : []),
      ...(reasons ? [t.state === 'failed' ? t.reason : undefined] : []),
    ]),
    best: best < 0 ? undefined : best,
  };
}

/** Seconds from the ask to the tell; undefined where the log has no times. */
function secondsOf({ startedAt, finishedAt }: Trial): number | undefined {
  return startedAt === undefined || finishedAt === undefined ? undefined : (finishedAt - startedAt) / 1000;
}

/** An attribute as a cell has it: lists and objects as JSON. */
function shownAttribute(value: Json | undefined): string | number | boolean | null | undefined {
  return typeof value === 'object' && value !== null ? JSON.stringify(value) : value;
}

/** The state; of a pruned trial with its last report. */
function stateText({ state, reports }: Trial): string {
  const last = [...reports].sort((a, b) => a.step - b.step).at(-1);
  return state === 'pruned' && last
    ? `pruned at step ${last.step}, ${Number(last.value.toPrecision(6))}`
    : state;
}

function order(a: number, b: number): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
