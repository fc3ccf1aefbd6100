import { existsSync, readFileSync, statSync } from 'node:fs';
import { basename } from 'node:path';
import {
  InvalidArgumentError,
  OptimizationError,
  type Params,
  type StudyEvent,
  type Trial,
} from '@foothold/core';
import { fileStorage, type PastTrial, replay } from '@foothold/study';
import { studySource, type TransferSource } from 'foothold';
import { UsageError } from '../usage-error.ts';
import { isNotFinite, lenientJson } from './lenient-json.ts';
import { isOptunaJournal, optunaJournal } from './optuna-journal.ts';
import { optunaSqlite } from './optuna-sqlite.ts';
import { type StudyChoice, sourcesFrom } from './optuna-study.ts';
import { trialsOfCsv } from './trial-table.ts';

/**
 * Earlier studies from a file, or from a study of the folder `storage` by its name.
 *
 * Files: a study's log of ours, JSON (`[{"params":{…},"value":…}]`, or an object with `trials`), JSON lines of the
 * same, CSV with a `value` column, Optuna's journal and SQLite files. Of these, `FILE#STUDY` is one study, and
 * `FILE#STUDY[k]` its k-th objective, from 0. A file may be written at the same time: what is whole of it counts. Throws
 * UsageError when there is none of that name, InvalidArgumentError for what is in it.
 */
export async function readSources(given: string, storage: string): Promise<readonly TransferSource[]> {
  const { place, choice } = placeAndChoice(given);
  if (!existsSync(place) || statSync(place).isDirectory()) {
    const events = existsSync(storage) ? await logOf(place, storage) : [];
    if (events.length > 0) return [sourceOfLog(events, place)];
    throw new UsageError(
      `source ${place}: there is no such file${existsSync(place) ? ' (it is a folder)' : ''}, and no study of this name in ${storage}`,
    );
  }
  const bytes = read(place);
  const name = basename(place).replace(/\.\w+$/, '');
  if (bytes.subarray(0, 15).toString('latin1') === 'SQLite format 3')
    return sourcesFrom(
      await optunaSqlite(place).catch((error: unknown) => {
        if (error instanceof OptimizationError) throw error;
        throw new UsageError(
          `source ${place}: not a study of Optuna (${error instanceof Error ? error.message : error})`,
        );
      }),
      choice,
      place,
    );
  const text = textOf(bytes);
  if (isOptunaJournal(text)) return sourcesFrom(optunaJournal(text), choice, place);
  if (/\.[ct]sv$/i.test(place)) return [{ name, trials: trialsOfCsv(text, basename(place)) }];
  if (isLog(text)) {
    const folder = place.slice(0, -basename(place).length) || '.';
    return [sourceOfLog(await fileStorage(folder).read(name, 0), name)];
  }
  const documents = jsonDocuments(text, place);
  const first = documents[0];
  if (documents.length === 1 && Array.isArray(first))
    return [{ name, trials: first.map((t) => pastTrial(t, place)) }];
  if (documents.every((d) => isRecord(d) && Array.isArray(d['trials'])))
    return documents.map((d, i) =>
      objectSource(
        d as Readonly<Record<string, unknown>>,
        documents.length > 1 ? `${name} ${i + 1}` : name,
        place,
      ),
    );
  return [{ name, trials: documents.map((t) => pastTrial(t, place)) }];
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
async function logOf(name: string, storage: string): Promise<readonly StudyEvent[]> {
  try {
    return await fileStorage(storage).read(name, 0);
  } catch (error) {
    if (error instanceof InvalidArgumentError) return [];
    throw error;
  }
}

/** UTF-8, or UTF-16 where its mark says so, without the mark. */
function textOf(bytes: Buffer): string {
  const wide = bytes[0] === 0xff && bytes[1] === 0xfe;
  return new TextDecoder(wide ? 'utf-16le' : 'utf-8').decode(bytes);
}

function read(place: string): Buffer {
  try {
    return readFileSync(place);
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? error.code : error;
    throw new UsageError(`source ${place} could not be read (${code})`);
  }
}

function sourceOfLog(events: readonly StudyEvent[], name: string): TransferSource {
  const { created, trials } = replay(events);
  return studySource(trials as readonly Trial[], { name, goal: created?.goal });
}

function objectSource(
  document: Readonly<Record<string, unknown>>,
  name: string,
  place: string,
): TransferSource {
  const { trials, direction, metaFeatures, weight } = document;
  if (direction !== undefined && direction !== 'minimize' && direction !== 'maximize')
    throw new InvalidArgumentError(`direction in ${place}`, direction, 'minimize or maximize');
  return {
    name: typeof document['name'] === 'string' ? document['name'] : name,
    trials: (trials as readonly unknown[]).map((t) => pastTrial(t, place)),
    ...(direction === undefined ? {} : { direction }),
    ...(metaFeatures === undefined ? {} : { metaFeatures: numbersOf(metaFeatures, place) }),
    ...(weight === undefined ? {} : { weight: weight as number }),
  };
}

function numbersOf(value: unknown, place: string): readonly number[] {
  if (Array.isArray(value) && value.every((v) => typeof v === 'number')) return value;
  throw new InvalidArgumentError(`metaFeatures in ${place}`, value, 'a list of numbers');
}

function pastTrial(raw: unknown, place: string): PastTrial<Params> {
  const fault = (what: string) => new InvalidArgumentError(`a trial in ${place}`, raw, what);
  if (!isRecord(raw) || !isRecord(raw['params'])) throw fault('an object with params and value');
  const params = paramsOf(raw['params']);
  const { state, reason, value } = raw;
  if (state === 'failed')
    return { params, state, reason: typeof reason === 'string' ? reason : 'failed before' };
  if (state === 'pruned' || state === 'running') return { params, state };
  if (value === null) return { params, state: 'running' };
  if (isNotFinite(value)) return { params, state: 'failed', reason: `its value was ${value}` };
  if (typeof value !== 'number' || !Number.isFinite(value))
    throw fault('an object with a finite value, or a state of failed');
  const { standardError } = raw;
  return { params, value, ...(typeof standardError === 'number' && { standardError }) };
}

/** What a parameter can be of it: absent for NaN, a text for whatever else JSON holds. */
function paramsOf(raw: Readonly<Record<string, unknown>>): Params {
  return Object.fromEntries(
    Object.entries(raw).flatMap(([name, value]) => {
      if (isNotFinite(value)) return [];
      const plain =
        typeof value === 'number' ||
        typeof value === 'string' ||
        typeof value === 'boolean' ||
        value === null;
      return [[name, plain ? value : JSON.stringify(value)]];
    }),
  );
}

/** The JSON documents of a text: one, or one a line. A last line without its end is passed over: it is being written. */
function jsonDocuments(text: string, place: string): readonly unknown[] {
  try {
    return [lenientJson(text)];
  } catch {
    return text.split('\n').flatMap((line, i, { length }) => {
      if (line.trim() === '') return [];
      try {
        return [lenientJson(line)];
      } catch {
        if (i > 0 && i === length - 1) return [];
        throw new InvalidArgumentError(`line ${i + 1} of ${place}`, line, 'JSON');
      }
    });
  }
}

const isRecord = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** True for a study's log: its first line is a position and events. Later ones may be half written. */
function isLog(text: string): boolean {
  try {
    const first: unknown = JSON.parse(text.slice(0, text.indexOf('\n') + 1 || undefined));
    return isRecord(first) && Array.isArray(first['events']);
  } catch {
    return false;
  }
}
