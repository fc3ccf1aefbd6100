import { existsSync, statSync } from 'node:fs';
import { basename } from 'node:path';
import { type Goal, type Outcome, OutOfSpaceError, type StudyEvent, type Trial } from '@foothold/core';
import { spaceOf } from '@foothold/space';
import { type PastTrial, readLogFile, replay, studyDataOf } from '@foothold/study';
import { isStudyLog, sourcesOfJson } from './json-sources.ts';
import { lenientJson } from './lenient-json.ts';
import { openText } from './open-text.ts';
import { isOptunaJournal, optunaJournal } from './optuna-journal.ts';
import { optunaSqlite } from './optuna-sqlite.ts';
import type { OptunaStudy } from './optuna-study.ts';
import { optunaStudyData } from './optuna-study-data.ts';
import type { ReadOptions, ReadStudy } from './read-study-options.ts';
import { SourceError } from './source-error.ts';
import { isStudyJson, studyOfJson } from './study-json.ts';
import { type AboutTrial, columnNotes, isAboutTrial } from './trial-columns.ts';
import { trialsOfCsv } from './trial-table.ts';

/** A study out of a file; `events` where the file is a log, which is then the study to the last event. */
export interface FileStudy extends ReadStudy {
  readonly events?: readonly StudyEvent[];
}

/**
 * The whole study in a file: an SQLite file or a journal of Optuna (versions 2.4 to 5), a log of ours, JSON or CSV that
 * `exportStudy` wrote, or JSON and CSV of trials beside `space`.
 *
 * Throws SourceError where there is no such file or study, or several and none is chosen, or it has what no study here can have, InvalidArgumentError that
 * names the line, trial or member that is wrong, UnsupportedError for SQLite on Node before 22.13.
 */
export async function readStudy(file: string, options: ReadOptions = {}): Promise<FileStudy> {
  if (!existsSync(file) || statSync(file).isDirectory())
    throw new SourceError(`${file}: there is no such file${existsSync(file) ? ' (it is a folder)' : ''}`);
  const onRead = (part: number) => {
    options.signal?.throwIfAborted();
    options.onProgress?.('read', part);
  };
  const opened = await openText(file, file);
  if (opened.isSqlite) return optunaStudyData(chosen(await optunaSqlite(file), options, file), options);
  const firstLine = opened.firstLine();
  if (isOptunaJournal(firstLine))
    return optunaStudyData(chosen(await optunaJournal(opened.lines(onRead), file), options, file), options);
  const name = basename(file).replace(/\.\w+$/, '');
  if (isStudyLog(firstLine)) return studyOfLog(file, name);
  const text = opened.text();
  if (/\.[ct]sv$/i.test(file)) return studyOfTable(text, { file, name, options });
  const json = jsonOf(text);
  if (isStudyJson(json)) return studyOfJson(json, file);
  const sources = sourcesOfJson(text, { location: file, name });
  const [source] = sources;
  if (sources.length !== 1 || !source)
    throw new SourceError(
      `${file} holds ${sources.length} studies; put the one that is meant into a file of its own`,
    );
  return studyOfPast(source.trials, {
    file,
    name: source.name ?? name,
    notes: source.unused ?? [],
    options: { direction: source.direction, ...options },
  });
}

/** The study that is chosen, or the only one. */
function chosen(studies: readonly OptunaStudy[], { study }: ReadOptions, file: string): OptunaStudy {
  const names = studies.map(({ name }) => JSON.stringify(name)).join(', ');
  const found = study === undefined ? studies : studies.filter(({ name }) => name === study);
  if (found.length === 1) return found[0]!;
  if (studies.length === 0) throw new SourceError(`${file} holds no study`);
  throw new SourceError(
    study === undefined
      ? `${file} holds ${studies.length} studies, ${names}: --study says which`
      : `${file} holds no study ${JSON.stringify(study)}; there are ${names}`,
  );
}

async function studyOfLog(file: string, name: string): Promise<FileStudy> {
  const { events, unfinished } = await readLogFile(file);
  const study = studyDataOf(replay(events));
  if (!study) throw new SourceError(`${file} is the log of a study without events`);
  return {
    name,
    study,
    events,
    notes: unfinished > 0 ? [`${unfinished} bytes of a record that is not finished are left out`] : [],
  };
}

interface Table {
  readonly file: string;
  readonly name: string;
  readonly options: ReadOptions;
}

function studyOfTable(text: string, { file, name, options }: Table): ReadStudy {
  const names = options.space && Object.keys(options.space).filter((parameter) => !parameter.startsWith('$'));
  const { trials, about, otherColumns, remarks } = trialsOfCsv(text, { file, names });
  const unread = otherColumns.filter((column) => !isAboutTrial(column));
  return studyOfPast(trials, { file, name, about, notes: [...columnNotes(unread), ...remarks], options });
}

function studyOfPast(
  past: readonly PastTrial[],
  {
    file,
    name,
    about = [],
    notes,
    options,
  }: Table & { readonly about?: readonly AboutTrial[]; readonly notes: readonly string[] },
): ReadStudy {
  const { space, direction = 'minimize' } = options;
  if (!space)
    throw new SourceError(
      `${file} does not say what the parameters are: give them with --space, a JSON file or JSON text`,
    );
  const domain = spaceOf(space);
  const goal: Goal = { direction };
  const trials = past.map((trial, number): Trial => {
    try {
      domain.encode({ ...options.fill, ...trial.params });
    } catch (error) {
      if (!(error instanceof OutOfSpaceError)) throw error;
      throw new SourceError(
        `trial ${number} of ${file}: ${error.message}; give a space that holds every trial`,
      );
    }
    const { params, ...outcome } = trial;
    return {
      number,
      params: { ...options.fill, ...params },
      reports: [],
      ...about[number],
      ...({ ...outcome, state: trial.state ?? 'complete' } as Outcome | { readonly state: 'running' }),
    };
  });
  return { name, study: { space, goal, seed: 0, trials, queue: [] }, notes };
}

function jsonOf(text: string): unknown {
  try {
    return lenientJson(text);
  } catch {
    return undefined; // lines of JSON, or none
  }
}
