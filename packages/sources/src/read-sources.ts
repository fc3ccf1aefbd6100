import { existsSync, statSync } from 'node:fs';
import { basename } from 'node:path';
import { InvalidArgumentError, type Storage, type StudyEvent } from '@foothold/core';
import {
  type FileStorageOptions,
  fileStorage,
  pastTrials,
  readLogFile,
  replay,
  studySource,
  type TransferSource,
} from '@foothold/study';
import { isStudyLog, sourcesOfJson } from './json-sources.ts';
import { openText } from './open-text.ts';
import { isOptunaJournal, optunaJournal } from './optuna-journal.ts';
import { optunaSqlite } from './optuna-sqlite.ts';
import { type StudyChoice, sourcesFrom } from './optuna-study.ts';
import { SourceError } from './source-error.ts';
import { columnNotes } from './trial-columns.ts';
import { trialsOfCsv } from './trial-table.ts';

export interface ReadSourcesOptions extends FileStorageOptions {
  /** Folder of studies (`fileStorage`), where a name is looked up that no file has. Default: only files are read. */
  readonly folder?: string | undefined;
  /** The same where the studies are elsewhere; `folder` is then its address, for messages. */
  readonly storage?: Storage | undefined;
  /** Names of the parameters of the space that the sources are for: a table's columns of these names are parameters. */
  readonly parameters?: readonly string[] | undefined;
}

/**
 * Earlier studies from a file, or from a study of `folder` by its name, as `transfer` takes them.
 *
 * Files: a study's log of ours, JSON (`[{"params":{…},"value":…}]`, or an object with `trials`), JSON lines of the
 * same, CSV with a `value` column, Optuna's journal and SQLite files (SQLite needs Node 22.13 or newer). Of these,
 * `FILE#STUDY` is one study, and `FILE#STUDY[k]` its k-th objective, from 0. A file may be written at the same time: what
 * is whole of it counts. What of a source was not used stands in its `unused`. Throws SourceError when there is none of
 * that name, InvalidArgumentError or StorageError for what is in it.
 */
export async function readSources(
  given: string,
  { folder, storage, parameters, onTorn }: ReadSourcesOptions = {},
): Promise<readonly TransferSource[]> {
  const { path, choice } = pathAndChoice(given);
  if (!existsSync(path) || statSync(path).isDirectory()) {
    const isFolder = folder !== undefined && existsSync(folder);
    const studies = storage ?? (isFolder ? fileStorage(folder, { onTorn }) : undefined);
    const events = studies ? await logOf(path, studies) : [];
    if (events.length > 0) return [sourceOfLog(events, path)];
    throw new SourceError(
      `source ${path}: there is no such file${existsSync(path) ? ' (it is a folder)' : ''}${
        folder === undefined ? '' : `, and no study of this name in ${folder}`
      }`,
    );
  }
  const opened = await openText(path, `source ${path}`);
  const name = basename(path).replace(/\.\w+$/, '');
  if (opened.isSqlite) return sourcesFrom(await optunaSqlite(path), choice, path);
  const firstLine = opened.firstLine();
  if (isOptunaJournal(firstLine)) return sourcesFrom(await optunaJournal(opened.lines(), path), choice, path);
  if (/\.[ct]sv$/i.test(path)) {
    const { trials, otherColumns, remarks } = trialsOfCsv(opened.text(), {
      file: basename(path),
      names: parameters,
    });
    const unused = [...columnNotes(otherColumns), ...remarks];
    return [{ name, trials, ...(unused.length > 0 && { unused }) }];
  }
  if (isStudyLog(firstLine)) {
    const { events, unfinished } = await readLogFile(path);
    const unused = unfinished > 0 ? [`${unfinished} bytes of a record that is not finished`] : [];
    return [{ ...sourceOfLog(events, name), ...(unused.length > 0 && { unused }) }];
  }
  return sourcesOfJson(opened.text(), { location: path, name });
}

/** `FILE#STUDY[objective]`, as far as there is no file of the whole name and one before the last #. */
function pathAndChoice(given: string): { readonly path: string; readonly choice: StudyChoice } {
  if (existsSync(given)) return { path: given, choice: {} };
  // The file's name is the shortest that exists: names of studies may hold a # too.
  for (let at = given.indexOf('#'); at > 0; at = given.indexOf('#', at + 1)) {
    const path = given.slice(0, at);
    if (!existsSync(path)) continue;
    const [, study, objective] = /^(.*?)(?:\[(\d+)\])?$/s.exec(given.slice(at + 1))!;
    return { path, choice: { study, ...(objective !== undefined && { objective: Number(objective) }) } };
  }
  return { path: given, choice: {} };
}

/** A study's log; none where the name cannot be one. */
async function logOf(name: string, storage: Storage): Promise<readonly StudyEvent[]> {
  try {
    return await storage.read(name, 0);
  } catch (error) {
    if (error instanceof InvalidArgumentError) return [];
    throw error;
  }
}

function sourceOfLog(events: readonly StudyEvent[], name: string): TransferSource {
  const { goal, trials, edits } = replay(events);
  return studySource(pastTrials(trials, edits), { name, goal });
}
