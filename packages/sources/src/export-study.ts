import { existsSync } from 'node:fs';
import { InvalidArgumentError, StorageError } from '@foothold/core';
import { replay, type StoredStudy, type StudyData, studyDataOf } from '@foothold/study';
import { optunaEditNotes, tableEditNotes } from './edit-notes.ts';
import { optunaJournalText } from './optuna-journal-text.ts';
import { optunaRows } from './optuna-rows.ts';
import { writeOptunaSqlite } from './optuna-sqlite-file.ts';
import type { OptunaVersion } from './optuna-versions.ts';
import { studyJson } from './study-json.ts';
import { studyTable } from './study-table.ts';
import { writeTextFile, writtenWhole } from './write-file.ts';

export type ExportFormat = 'csv' | 'json' | 'optuna' | 'optuna+journal';

export interface ExportTarget {
  readonly format: ExportFormat;
  readonly file: string;
}

export interface ExportOptions {
  /** The version of Optuna that is to read it; before 5 it takes times for local ones. Default: 5. */
  readonly optunaVersion?: OptunaVersion | undefined;
  /** Also in place of a file that is there; without it, one is replaced only by CSV and JSON. */
  readonly force?: boolean | undefined;
}

export interface ExportedStudy extends ExportTarget {
  readonly trials: number;
  /** What is not in the file as it is in the study: sentences. */
  readonly notes: readonly string[];
}

const endings: Readonly<Record<string, ExportFormat>> = {
  csv: 'csv',
  json: 'json',
  db: 'optuna',
  sqlite: 'optuna',
  sqlite3: 'optuna',
  log: 'optuna+journal',
  journal: 'optuna+journal',
};
const formats: readonly ExportFormat[] = ['csv', 'json', 'optuna', 'optuna+journal'];

/** The format and the file of `FORMAT:FILE`, or of a file by its ending. Throws InvalidArgumentError. */
export function exportTarget(target: string): ExportTarget {
  const format = formats.find((word) => target.startsWith(`${word}:`));
  const file = format ? target.slice(format.length + 1) : target;
  const byEnding = endings[/\.(\w+)$/.exec(file)?.[1]?.toLowerCase() ?? ''];
  const found = format ?? byEnding;
  if (found === undefined || file === '')
    throw new InvalidArgumentError(
      'the file to export to',
      target,
      'csv:FILE, json:FILE, optuna:FILE (SQLite), optuna+journal:FILE, or a file that ends in .csv, .json, .db, .sqlite, .sqlite3, .log or .journal',
    );
  return { format: found, file };
}

/**
 * Writes a study to a file of another form, whole or not at all: `csv` (a line a trial), `json` (everything but the
 * history of its events), `optuna` (an SQLite file that Optuna 3 to 5 open) or `optuna+journal`. `importStudy` reads each back.
 *
 * Throws StorageError where there is no such study, or the file is there already, InvalidArgumentError for a study that the form cannot hold,
 * UnsupportedError for `optuna` on Node before 22.13.
 */
export async function exportStudy(
  { storage, name }: StoredStudy,
  target: ExportTarget,
  { optunaVersion, force = false }: ExportOptions = {},
): Promise<ExportedStudy> {
  const { format, file } = target;
  const study = studyDataOf(replay(await storage.read(name, 0)));
  if (!study) throw new StorageError(`there is no study ${name} to export`);
  const isOptuna = format === 'optuna' || format === 'optuna+journal';
  const replaces = force || !isOptuna;
  if (!replaces && existsSync(file))
    throw new StorageError(`${file} is there already: choose another file, or force it to be replaced`);
  if (format === 'optuna')
    await writtenWhole(file, replaces, (path) =>
      writeOptunaSqlite(path, optunaRows(name, study), optunaVersion),
    );
  else await writeTextFile(file, textOf(name, study, { format, optunaVersion }), { replaces });
  return { ...target, trials: study.trials.length, notes: notesOf(study, format) };
}

/** The study in a form that is a text. Throws InvalidArgumentError for a study that the form cannot hold. */
export function exportTrials(
  name: string,
  study: StudyData,
  format: Exclude<ExportFormat, 'optuna'>,
): string {
  return textOf(name, study, { format });
}

function textOf(
  name: string,
  study: StudyData,
  { format, optunaVersion }: { readonly format: Exclude<ExportFormat, 'optuna'> } & ExportOptions,
): string {
  if (format === 'csv') return studyTable(study);
  if (format === 'json') return studyJson(name, study);
  return optunaJournalText(optunaRows(name, study), optunaVersion);
}

/** What a reader of the file should know. */
function notesOf(study: StudyData, format: ExportFormat): readonly string[] {
  const { trials, queue } = study;
  const open = trials.filter(({ state }) => state === 'running').length;
  const reported = trials.some(({ reports }) => reports.length > 0);
  const untimed = trials.filter(
    ({ state, startedAt, finishedAt }) => state !== 'running' && (startedAt ?? finishedAt) === undefined,
  ).length;
  const notes: string[] = [];
  if (format === 'csv') {
    notes.push(...tableEditNotes(study));
    if (reported) notes.push('intermediate values are not in a table: the JSON form has them');
    if (queue.length > 0)
      notes.push(`${queue.length} enqueued trials are not in a table: the JSON form has them`);
  } else if (format !== 'json') {
    if (open > 0) notes.push(`${open} running trials wait in Optuna with their parameters`);
    if (untimed > 0)
      notes.push(
        `${untimed} trials have no times in the log: Optuna reads them, but its copy_study does not`,
      );
    notes.push(...optunaEditNotes(study));
  }
  return notes;
}
