import { existsSync, readFileSync } from 'node:fs';
import { basename } from 'node:path';
import { InvalidArgumentError, OptimizationError, type Params, type StudyEvent } from '@foothold/core';
import { fileStorage, type PastTrial, replay } from '@foothold/study';
import type { TransferSource } from 'foothold';
import { UsageError } from '../usage-error.ts';
import { isOptunaJournal, optunaJournal } from './optuna-journal.ts';
import { optunaSqlite } from './optuna-sqlite.ts';
import { trialsOfCsv } from './trial-table.ts';

/**
 * Earlier studies from a file, or from a study of the folder `storage` by its name.
 *
 * Files: a study's log of ours, JSON (`[{"params":{…},"value":…}]`, or an object with `trials`), JSON lines of the
 * same, CSV with a `value` column, Optuna's journal and SQLite files. Throws UsageError when there is none of that name,
 * InvalidArgumentError for what is in it.
 */
export async function readSources(place: string, storage: string): Promise<readonly TransferSource[]> {
  if (!existsSync(place)) {
    const events = existsSync(storage) ? await fileStorage(storage).read(place, 0) : [];
    if (events.length > 0) return [sourceOfLog(events, place)];
    throw new UsageError(`source ${place}: there is no such file, and no study of this name in ${storage}`);
  }
  const bytes = read(place);
  const name = basename(place).replace(/\.\w+$/, '');
  if (bytes.subarray(0, 15).toString('latin1') === 'SQLite format 3')
    return optunaSqlite(place).catch((error: unknown) => {
      if (error instanceof OptimizationError) throw error;
      throw new UsageError(
        `source ${place}: not a study of Optuna (${error instanceof Error ? error.message : error})`,
      );
    });
  const text = bytes.toString('utf8');
  if (isOptunaJournal(text)) return optunaJournal(text);
  if (/\.[ct]sv$/i.test(place)) return [{ name, trials: trialsOfCsv(text, basename(place)) }];
  const documents = jsonDocuments(text, place);
  const first = documents[0];
  if (documents.length > 0 && isLogLine(first)) {
    const folder = place.slice(0, -basename(place).length) || '.';
    return [sourceOfLog(await fileStorage(folder).read(name, 0), name)];
  }
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

function read(place: string): Buffer {
  try {
    return readFileSync(place);
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? error.code : error;
    throw new UsageError(
      `source ${place} could not be read (${code === 'EISDIR' ? 'it is a folder' : code})`,
    );
  }
}

function sourceOfLog(events: readonly StudyEvent[], name: string): TransferSource {
  const { created, trials } = replay(events);
  return {
    name,
    trials,
    ...(created ? { direction: created.goal.direction } : {}),
  };
}

function objectSource(
  document: Readonly<Record<string, unknown>>,
  name: string,
  place: string,
): TransferSource {
  const { trials, direction } = document;
  if (direction !== undefined && direction !== 'minimize' && direction !== 'maximize')
    throw new InvalidArgumentError(`direction in ${place}`, direction, 'minimize or maximize');
  return {
    name: typeof document['name'] === 'string' ? document['name'] : name,
    trials: (trials as readonly unknown[]).map((t) => pastTrial(t, place)),
    ...(direction === undefined ? {} : { direction }),
  };
}

function pastTrial(raw: unknown, place: string): PastTrial<Params> {
  const fault = (what: string) => new InvalidArgumentError(`a trial in ${place}`, raw, what);
  if (!isRecord(raw) || !isRecord(raw['params'])) throw fault('an object with params and value');
  const params = raw['params'] as Params;
  const { state, reason, value } = raw;
  if (state === 'failed')
    return { params, state, reason: typeof reason === 'string' ? reason : 'failed before' };
  if (state === 'pruned' || state === 'running') return { params, state };
  if (typeof value !== 'number' || !Number.isFinite(value))
    throw fault('an object with a finite value, or a state of failed');
  return { params, value };
}

/** The JSON documents of a text: one, or one a line. */
function jsonDocuments(text: string, place: string): readonly unknown[] {
  try {
    return [JSON.parse(text)];
  } catch {
    return text.split('\n').flatMap((line, i) => {
      if (line.trim() === '') return [];
      try {
        return [JSON.parse(line)];
      } catch {
        throw new InvalidArgumentError(`line ${i + 1} of ${place}`, line, 'JSON');
      }
    });
  }
}

const isRecord = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);
/** A line of a study's log in a file: a position and events. */
const isLogLine = (value: unknown): boolean => isRecord(value) && Array.isArray(value['events']);
