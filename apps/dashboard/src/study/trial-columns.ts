import { figureOf, type Trial } from '@foothold/core';
import { shortNumber } from '@foothold/viz';
import type { TrialColumn } from '../components/trials-table-model.ts';
import { durationOf, durationText } from '../text.ts';
import { shownFidelities } from './fidelities.ts';
import type { LiveStudy } from './live-study.ts';
import { shownObjectives } from './objectives.ts';

/** Parameters that are columns from the start; the others can be chosen. */
const maxShownParams = 12;
/** Trials that are looked at for the names of metrics and attributes. */
const looked = 500;
/** Pixels of a column of numbers, and of a character. */
const narrow = 96;
const character = 8;

/** The columns that a study's trials have. */
export function trialColumns({ state }: LiveStudy): readonly TrialColumn[] {
  const objectives = shownObjectives(state.goal!, state.facts);
  const recent = state.trials.slice(-looked);
  const params = namesOf(
    recent.map((t) => t.params),
    Object.keys(state.space ?? {}).filter((name) => !name.startsWith('$')),
  );
  const shownMetrics = new Set(objectives.map(({ metric }) => metric));
  const metrics = namesOf(recent.map((t) => (t.state === 'complete' ? t.metrics : undefined))).filter(
    (name) => !shownMetrics.has(name),
  );
  const attributes = namesOf(recent.map((t) => t.attributes));
  const fidelities = shownFidelities(state);
  return [
    {
      id: 'number',
      title: 'Trial',
      value: (t) => t.number,
      text: (t) => String(t.number),
      isNumber: true,
      width: 72,
    },
    {
      ...{ id: 'state', title: 'State', isNumber: false, width: 116 },
      value: (t) => (state.deleted.has(t.number) ? 'deleted' : t.state),
    },
    ...objectives.map(({ metric, title }) => figureColumn(metric, title, false)),
    ...params.map((name, i): TrialColumn => {
      const isNumber = recent.some((t) => typeof t.params[name] === 'number');
      return {
        ...{ id: `param:${name}`, title: name, isNumber, width: widthOf(name) },
        value: (t) => plain(t.params[name]),
        isHidden: i >= maxShownParams && name !== fidelities?.axis.name,
        ...(name === fidelities?.axis.name && { colorOf: fidelities.levelOf }),
      };
    }),
    { id: 'duration', title: 'Duration', value: durationOf, text: durationCell, isNumber: true, width: 104 },
    ...metrics.map((name) => figureColumn(name, name, true)),
    ...attributes.map(
      (name): TrialColumn => ({
        ...{ id: `attribute:${name}`, title: name, isNumber: false, width: widthOf(name), isHidden: true },
        value: (t) => plain(t.attributes?.[name]),
      }),
    ),
    { id: 'note', title: 'Note', value: noteOf, isNumber: false, width: 220 },
  ];
}

function figureColumn(metric: string, title: string, isHidden: boolean): TrialColumn {
  const value = (t: Trial) => {
    const figure = t.state === 'complete' ? figureOf(t, metric) : Number.NaN;
    return Number.isNaN(figure) ? undefined : figure;
  };
  return { id: `figure:${metric}`, title, value, isNumber: true, width: widthOf(title), isHidden };
}

function durationCell(trial: Trial): string {
  const duration = durationOf(trial);
  return duration === undefined ? '–' : durationText(duration);
}

/** The note, or the reason of a failure. */
function noteOf(trial: Trial): string | undefined {
  return trial.note ?? (trial.state === 'failed' ? trial.reason : undefined);
}

function widthOf(title: string): number {
  return Math.min(Math.max(narrow, title.length * character + 36), 200);
}

function plain(value: unknown): string | number | undefined {
  if (value === undefined || typeof value === 'number' || typeof value === 'string') return value;
  return JSON.stringify(value);
}

/** All names of these records, those given first. */
function namesOf(
  records: readonly (Readonly<Record<string, unknown>> | undefined)[],
  first: readonly string[] = [],
): readonly string[] {
  const names = new Set(first);
  for (const record of records) for (const name in record) names.add(name);
  return [...names];
}

/** All that a person can search for in a trial, in lower case. */
export function searchText(trial: Trial): string {
  const parts: unknown[] = [
    trial.number,
    trial.state,
    trial.note,
    trial.state === 'failed' ? trial.reason : undefined,
  ];
  for (const [name, value] of Object.entries(trial.params))
    parts.push(`${name}=${typeof value === 'number' ? shortNumber(value) : String(value)}`);
  for (const [name, value] of Object.entries(trial.attributes ?? {}))
    parts.push(`${name}=${typeof value === 'string' ? value : JSON.stringify(value)}`);
  return parts
    .filter((part) => part !== undefined)
    .join(' ')
    .toLowerCase();
}
