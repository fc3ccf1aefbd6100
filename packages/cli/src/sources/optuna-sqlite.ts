import type { Direction } from '@foothold/core';
import { UnsupportedError } from '@foothold/core';
import { addParameter, type OptunaStudy } from './optuna-study.ts';

type Row = Readonly<Record<string, string | number | null>>;
const states: Readonly<Record<string, 'complete' | 'failed' | 'pruned'>> = {
  COMPLETE: 'complete',
  FAIL: 'failed',
  PRUNED: 'pruned',
};

/** The studies of an Optuna SQLite file (RDBStorage), read only and as of one moment, also while it is written. Throws UnsupportedError on Node before 22.13, which has no SQLite. */
export async function optunaSqlite(path: string): Promise<readonly OptunaStudy[]> {
  const { DatabaseSync } = await import('node:sqlite').catch(() => {
    throw new UnsupportedError('reading SQLite files', `Node ${process.version}`, 'use Node 22.13 or newer');
  });
  const database = new DatabaseSync(path, { readOnly: true });
  try {
    database.exec('PRAGMA busy_timeout = 5000');
    database.exec('BEGIN');
    const rows = (sql: string) => database.prepare(sql).all() as readonly Row[];
    const studies = new Map<number, OptunaStudy>();
    const directions = new Map<number, Direction[]>();
    for (const row of rows('SELECT study_id, direction FROM study_directions ORDER BY study_id, objective')) {
      const id = Number(row['study_id']);
      const direction = row['direction'] === 'MAXIMIZE' ? 'maximize' : 'minimize';
      directions.set(id, [...(directions.get(id) ?? []), direction]);
    }
    for (const row of rows('SELECT study_id, study_name FROM studies ORDER BY study_id'))
      studies.set(Number(row['study_id']), {
        name: String(row['study_name']),
        directions: directions.get(Number(row['study_id'])) ?? ['minimize'],
        trials: new Map(),
      });
    const trialOf = (row: Row) => studies.get(Number(row['study_id']))?.trials.get(Number(row['trial_id']));
    for (const row of rows('SELECT trial_id, study_id, state FROM trials ORDER BY study_id, number'))
      studies.get(Number(row['study_id']))?.trials.set(Number(row['trial_id']), {
        state: states[String(row['state'])] ?? 'running',
        values: [],
        params: new Map(),
      });
    for (const row of rows(
      `SELECT t.study_id, p.trial_id, p.param_name, p.param_value, p.distribution_json
       FROM trial_params p JOIN trials t ON t.trial_id = p.trial_id ORDER BY p.param_id`,
    )) {
      const trial = trialOf(row);
      if (trial)
        addParameter(trial, {
          name: String(row['param_name']),
          internal: Number(row['param_value']),
          distribution: String(row['distribution_json']),
        });
    }
    for (const row of rows(
      `SELECT t.study_id, v.trial_id, v.objective, v.value, v.value_type FROM trial_values v
       JOIN trials t ON t.trial_id = v.trial_id`,
    )) {
      const trial = trialOf(row);
      if (trial && row['value_type'] === 'FINITE')
        trial.values[Number(row['objective'])] = Number(row['value']);
    }
    return [...studies.values()];
  } finally {
    database.close();
  }
}
