import type { Direction } from '@foothold/core';
import { lenientJson } from './lenient-json.ts';
import { nodeSqlite } from './node-sqlite.ts';
import { schemaRevision, schemaVersion } from './optuna-schema.ts';
import {
  addParameter,
  type OptunaStudy,
  type OptunaTrial,
  optunaStudy,
  optunaTrial,
  sharedDistributions,
  withEntry,
} from './optuna-study.ts';
import { optunaTime, type Zone } from './optuna-time.ts';
import { distributionReader, type OptunaDistribution } from './optuna-value.ts';
import { SourceError } from './source-error.ts';

type Row = Readonly<Record<string, unknown>>;
type Rows = (sql: string) => Iterable<Row>;
const states: Readonly<Record<string, OptunaTrial['state']>> = {
  COMPLETE: 'complete',
  FAIL: 'failed',
  PRUNED: 'pruned',
  RUNNING: 'running',
  WAITING: 'waiting',
};

/** Revisions of the one schema that Optuna 2.4 to 5 have. */
const revisions = ['v2.4.0.a', 'v2.6.0.a', 'v3.0.0.a', 'v3.0.0.b', 'v3.0.0.c', 'v3.0.0.d', schemaRevision];

/**
 * The studies of an Optuna SQLite file (RDBStorage of Optuna 2.4 to 5), read only and as of one moment, also while it is
 * written. Times are read as UTC where Optuna 5 or later made the file, and as local times where an older one did. Throws
 * UnsupportedError on Node before 22.13, which has no SQLite, SourceError for a database without Optuna's tables, of a schema that
 * is not known, or one that says what Optuna does not.
 */
export async function optunaSqlite(path: string): Promise<readonly OptunaStudy[]> {
  const { DatabaseSync } = await nodeSqlite('reading SQLite files');
  let database: InstanceType<typeof DatabaseSync> | undefined;
  try {
    database = new DatabaseSync(path, { readOnly: true });
    database.exec('PRAGMA busy_timeout = 5000');
    database.exec('BEGIN');
    const open = database;
    return studiesIn((sql) => open.prepare(sql).iterate() as Iterable<Row>);
  } catch (error) {
    if (error instanceof SourceError) throw new SourceError(`source ${path}: ${error.message}`);
    throw new SourceError(
      `source ${path}: not a study of Optuna, or damaged (${error instanceof Error ? error.message : error})`,
    );
  } finally {
    database?.close();
  }
}

function studiesIn(rows: Rows): readonly OptunaStudy[] {
  const columns = (table: string) => [...rows(`PRAGMA table_info(${table})`)].map(({ name }) => String(name));
  for (const table of ['studies', 'trials', 'trial_params', 'trial_values'])
    if (columns(table).length === 0) throw new SourceError(`not a study of Optuna: it has no table ${table}`);
  if (columns('study_directions').length === 0)
    throw new SourceError(
      'written by an Optuna before 2.4: run `optuna storage upgrade` of Optuna 2.10 on a copy',
    );
  const zone = zoneOf(rows, columns);
  const studies = new Map<unknown, OptunaStudy>();
  const directions = new Map<unknown, Direction[]>();
  for (const { study_id: id, direction } of rows(
    'SELECT study_id, direction FROM study_directions ORDER BY study_id, objective',
  ))
    directions.set(id, [...(directions.get(id) ?? []), direction === 'MAXIMIZE' ? 'maximize' : 'minimize']);
  for (const { study_id: id, study_name: name } of rows(
    'SELECT study_id, study_name FROM studies ORDER BY study_id',
  ))
    studies.set(id, optunaStudy(String(name), directions.get(id) ?? ['minimize']));

  const trials: Trials = new Map();
  for (const row of rows(
    'SELECT trial_id, study_id, state, datetime_start, datetime_complete FROM trials ORDER BY study_id, number',
  )) {
    const study = studies.get(row['study_id']);
    if (!study) continue;
    const state = Object.hasOwn(states, String(row['state'])) ? states[String(row['state'])] : undefined;
    if (state === undefined) throw new SourceError(`trial ${row['trial_id']} has the state ${row['state']}`);
    const trial = optunaTrial(state);
    trial.startedAt = optunaTime(row['datetime_start'], zone);
    trial.finishedAt = optunaTime(row['datetime_complete'], zone);
    study.trials.set(Number(row['trial_id']), trial);
    trials.set(row['trial_id'], { study, trial });
  }
  readParameters(rows, trials);
  readAttributes(rows, { studies, trials });
  readIntermediateValues(rows, trials, columns('trial_intermediate_values'));
  // Before Optuna 3, an infinite value is an infinite number; since then, its kind is in a column of its own.
  const kind = columns('trial_values').includes('value_type') ? 'value_type' : "'FINITE'";
  for (const row of rows(`SELECT trial_id, objective, value, ${kind} AS kind FROM trial_values`)) {
    const { trial } = trials.get(row['trial_id']) ?? {};
    const { value } = row;
    if (trial && row['kind'] === 'FINITE' && typeof value === 'number' && Number.isFinite(value))
      trial.values[Number(row['objective'])] = value;
  }
  return [...studies.values()];
}

type Trials = Map<unknown, { readonly study: OptunaStudy; readonly trial: OptunaTrial }>;

/** The zone of the times. Throws SourceError for a schema or revision that is not known. */
function zoneOf(rows: Rows, columns: (table: string) => readonly string[]): Zone {
  if (columns('version_info').length === 0) return 'local';
  const [info] = rows('SELECT schema_version, library_version FROM version_info');
  if (!info) return 'local';
  const library = String(info['library_version']);
  const [revision] =
    columns('alembic_version').length > 0 ? rows('SELECT version_num FROM alembic_version') : [];
  const isKnown = revision === undefined || revisions.includes(String(revision['version_num']));
  if (info['schema_version'] !== schemaVersion || !isKnown)
    throw new SourceError(
      `its schema is version ${info['schema_version']}, revision ${revision?.['version_num'] ?? 'unknown'}, of Optuna ${library}; known is version ${schemaVersion}, ` +
        `revisions ${revisions[0]} to ${revisions.at(-1)} (Optuna 2.4 to 5): a newer version of this package may read it, or copy the study with ` +
        '`optuna.copy_study` of Optuna 5 to a new file',
    );
  return Number.parseInt(library, 10) >= 5 ? 'utc' : 'local';
}

function readAttributes(
  rows: Rows,
  { studies, trials }: { readonly studies: ReadonlyMap<unknown, OptunaStudy>; readonly trials: Trials },
): void {
  const tables = [
    { owner: 'study', kind: 'user' },
    { owner: 'study', kind: 'system' },
    { owner: 'trial', kind: 'user' },
    { owner: 'trial', kind: 'system' },
  ] as const;
  for (const { owner, kind } of tables) {
    const table = `${owner}_${kind}_attributes`;
    for (const row of rows(
      `SELECT ${owner}_id AS id, "key" AS name, value_json FROM ${table} ORDER BY ${table.slice(0, -1)}_id`,
    )) {
      const found = owner === 'study' ? studies.get(row['id']) : trials.get(row['id'])?.trial;
      if (!found) continue;
      const member = kind === 'user' ? 'userAttributes' : 'systemAttributes';
      const name = String(row['name']);
      try {
        found[member] = withEntry(found[member], name, lenientJson(String(row['value_json'])));
      } catch (error) {
        throw new SourceError(`the attribute ${name} is damaged (${(error as Error).message})`);
      }
    }
  }
}

function readIntermediateValues(rows: Rows, trials: Trials, columns: readonly string[]): void {
  const numbers: Readonly<Record<string, number>> = {
    INF_POS: Infinity,
    INF_NEG: -Infinity,
    NAN: Number.NaN,
  };
  const kind = columns.includes('intermediate_value_type') ? 'intermediate_value_type' : "'FINITE'";
  for (const row of rows(
    `SELECT trial_id, step, intermediate_value AS value, ${kind} AS kind FROM trial_intermediate_values ORDER BY trial_id, step`,
  )) {
    const { value } = row;
    const read = numbers[String(row['kind'])] ?? (typeof value === 'number' ? value : Number.NaN);
    const { trial } = trials.get(row['trial_id']) ?? {};
    if (trial) trial.intermediateValues = withEntry(trial.intermediateValues, Number(row['step']), read);
  }
}

function readParameters(rows: Rows, trials: Trials): void {
  const distributionOf = distributionReader();
  for (const row of rows(
    'SELECT trial_id, param_name, param_value, distribution_json FROM trial_params ORDER BY param_id',
  )) {
    const found = trials.get(row['trial_id']);
    if (!found) continue;
    const name = String(row['param_name']);
    let distribution: OptunaDistribution;
    try {
      distribution = distributionOf(String(row['distribution_json']));
    } catch (error) {
      throw new SourceError(
        `the distribution of ${name} is damaged (${error instanceof Error ? error.message : error})`,
      );
    }
    const { param_value: stored } = row;
    const internal = typeof stored === 'number' ? stored : Number.NaN;
    addParameter(found.study, found.trial, { name, internal, distribution });
  }
  const shareDistributions = sharedDistributions();
  for (const { trial } of trials.values()) shareDistributions(trial);
}
