import { existsSync, readFileSync, statSync } from 'node:fs';
import { basename } from 'node:path';
import { InvalidArgumentError, type Storage, type StudyEvent, type Trial } from '@foothold/core';
import {
  type FileStorageOptions,
  fileStorage,
  readLogFile,
  replay,
  studySource,
  type TransferSource,
} from '@foothold/study';
import { isStudyLog, sourcesOfJson } from './json-sources.ts';
import { isOptunaJournal, optunaJournal } from './optuna-journal.ts';
import { optunaSqlite } from './optuna-sqlite.ts';
import { type StudyChoice, sourcesFrom } from './optuna-study.ts';
import { readPipe } from './read-pipe.ts';
import { SourceError } from './source-error.ts';
import { trialsOfCsv } from './trial-table.ts';

export interface ReadSourcesOptions extends FileStorageOptions {
  /** Folder of studies (`fileStorage`), where a name is looked up that no file has. Default: only files are read. */
  readonly folder?: string | undefined;
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
  { folder, parameters, onTorn }: ReadSourcesOptions = {},
): Promise<readonly TransferSource[]> {
  const { place, choice } = placeAndChoice(given);
  if (!existsSync(place) || statSync(place).isDirectory()) {
    const isFolder = folder !== undefined && existsSync(folder);
    const events = isFolder ? await logOf(place, fileStorage(folder, { onTorn })) : [];
    if (events.length > 0) return [sourceOfLog(events, place)];
    throw new SourceError(
      `source ${place}: there is no such file${existsSync(place) ? ' (it is a folder)' : ''}${
        folder === undefined ? '' : `, and no study of this name in ${folder}`
      }`,
    );
  }
  const bytes = await read(place);
  const name = basename(place).replace(/\.\w+$/, '');
  if (bytes.subarray(0, 15).toString('latin1') === 'SQLite format 3')
    return sourcesFrom(await optunaSqlite(place), choice, place);
  const text = textOf(bytes, place);
  if (isOptunaJournal(text)) return sourcesFrom(optunaJournal(text, place), choice, place);
  if (/\.[ct]sv$/i.test(place)) {
    const { trials, unused } = trialsOfCsv(text, { file: basename(place), names: parameters });
    return [{ name, trials, ...(unused.length > 0 && { unused }) }];
  }
  if (isStudyLog(text)) {
    const { events, unfinished } = await readLogFile(place);
    const unused = unfinished > 0 ? [`${unfinished} bytes of a record that is not finished`] : [];
    return [{ ...sourceOfLog(events, name), ...(unused.length > 0 && { unused }) }];
  }
  return sourcesOfJson(text, { place, name });
}

/** `FILE#STUDY[objective]`, as far as there is no file of the whole name and one before the last #. */
function placeAndChoice(given: string): { readonly place: string; readonly choice: StudyChoice } {
  if (existsSync(given)) return { place: given, choice: {} };
  // The file's name is the shortest that exists: names of studies may hold a # too.
  for (let at = given.indexOf('#'); at > 0; at = given.indexOf('#', at + 1)) {
    const place = given.slice(0, at);
    if (!existsSync(place)) continue;
    const [, study, objective] = /^(.*?)(?:\[(\d+)\])?$/s.exec(given.slice(at + 1))!;
    return { place, choice: { study, ...(objective !== undefined && { objective: Number(objective) }) } };
  }
  return { place: given, choice: {} };
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

/** UTF-8, or UTF-16 where its mark says so, without the mark. A last character may be unfinished. */
function textOf(bytes: Buffer, place: string): string {
  const [first, second] = bytes;
  const encoding =
    first === 0xff && second === 0xfe ? 'utf-16le' : first === 0xfe && second === 0xff ? 'utf-16be' : 'utf-8';
  try {
    return new TextDecoder(encoding, { fatal: true }).decode(bytes, { stream: true });
  } catch {
    throw new InvalidArgumentError(
      place,
      bytes.toString('latin1', 0, 40),
      'text in UTF-8, or in UTF-16 with its mark',
    );
  }
}

async function read(place: string): Promise<Buffer> {
  try {
    if (!statSync(place).isFIFO()) return readFileSync(place);
    const bytes = await readPipe(place);
    if (!bytes)
      throw new SourceError(`source ${place} could not be read: it is a pipe that no program writes to`);
    return bytes;
  } catch (error) {
    if (error instanceof SourceError) throw error;
    const code = error instanceof Error && 'code' in error ? error.code : error;
    throw new SourceError(`source ${place} could not be read (${code})`);
  }
}

function sourceOfLog(events: readonly StudyEvent[], name: string): TransferSource {
  const { goal, trials } = replay(events);
  return studySource(trials as readonly Trial[], { name, goal });
}
