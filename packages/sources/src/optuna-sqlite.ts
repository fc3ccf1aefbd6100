import type { Direction } from '@foothold/core';
import { UnsupportedError } from '@foothold/core';
import { addParameter, type OptunaStudy, type OptunaTrial, optunaStudy } from './optuna-study.ts';
import { type OptunaDistribution, optunaDistribution } from './optuna-value.ts';
import { SourceError } from './source-error.ts';

type Row = Readonly<Record<string, unknown>>;
type Rows = (sql: string) => readonly Row[];
const states: Readonly<Record<string, OptunaTrial['state']>> = {
  COMPLETE: 'complete',
  FAIL: 'failed',
  PRUNED: 'pruned',
  RUNNING: 'running',
  WAITING: 'waiting',
};

/**
 * The studies of an Optuna SQLite file (RDBStorage of Optuna 2.4 to 5), read only and as of one moment, also while it is
 * written. Throws UnsupportedError on Node before 22.13, which has no SQLite, SourceError for a database without Optuna's
 * tables, or one that says what Optuna does not.
 */
export async function optunaSqlite(path: string): Promise<readonly OptunaStudy[]> {
  const { DatabaseSync } = await import('node:sqlite').catch(() => {
    throw new UnsupportedError('reading SQLite files', `Node ${process.version}`, 'use Node 22.13 or newer');
  });
  let database: InstanceType<typeof DatabaseSync> | undefined;
  try {
    database = new DatabaseSync(path, { readOnly: true });
    database.exec('PRAGMA busy_timeout = 5000');
    database.exec('BEGIN');
    const open = database;
    return studiesIn((sql) => open.prepare(sql).all() as readonly Row[]);
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
  const columns = (table: string) => rows(`PRAGMA table_info(${table})`).map(({ name }) => String(name));
  for (const table of ['studies', 'trials', 'trial_params', 'trial_values'])
    if (columns(table).length === 0) throw new SourceError(`not a study of Optuna: it has no table ${table}`);
  if (columns('study_directions').length === 0)
    throw new SourceError(
      'written by an Optuna before 2.4: run `optuna storage upgrade` of Optuna 2.10 on a copy',
    );
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

  const trials = new Map<unknown, { readonly study: OptunaStudy; readonly trial: OptunaTrial }>();
  for (const row of rows('SELECT trial_id, study_id, state FROM trials ORDER BY study_id, number')) {
    const study = studies.get(row['study_id']);
    if (!study) continue;
    const state = Object.hasOwn(states, String(row['state'])) ? states[String(row['state'])] : undefined;
    if (state === undefined) throw new SourceError(`trial ${row['trial_id']} has the state ${row['state']}`);
    const trial: OptunaTrial = { state, values: [], params: new Map() };
    study.trials.set(Number(row['trial_id']), trial);
    trials.set(row['trial_id'], { study, trial });
  }
  readParameters(rows, trials);
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

function readParameters(
  rows: Rows,
  trials: ReadonlyMap<unknown, { readonly study: OptunaStudy; readonly trial: OptunaTrial }>,
): void {
  // Most trials have the same few distributions.
  const known = new Map<string, OptunaDistribution>();
  for (const row of rows(
    'SELECT trial_id, param_name, param_value, distribution_json FROM trial_params ORDER BY param_id',
  )) {
    const found = trials.get(row['trial_id']);
    if (!found) continue;
    const json = String(row['distribution_json']);
    const name = String(row['param_name']);
    let distribution = known.get(json);
    if (!distribution) {
      try {
        distribution = optunaDistribution(json);
      } catch (error) {
        throw new SourceError(
          `the distribution of ${name} is damaged (${error instanceof Error ? error.message : error})`,
        );
      }
      known.set(json, distribution);
    }
    const { param_value: stored } = row;
    const internal = typeof stored === 'number' ? stored : Number.NaN;
    addParameter(found.study, found.trial, { name, internal, distribution });
  }
}
