import { nodeSqlite } from './node-sqlite.ts';
import type { OptunaRow, OptunaRows } from './optuna-rows.ts';
import { optunaSchema, schemaRevision, schemaVersion } from './optuna-schema.ts';
import { optunaTimeText, type Zone } from './optuna-time.ts';
import { type OptunaVersion, optunaVersion } from './optuna-versions.ts';

type Value = string | number | null;
type Insert = (table: string, row: Readonly<Record<string, Value>>) => void;

/**
 * Writes the study as a new SQLite file of Optuna (RDBStorage), with the schema that Optuna 3.2 to 5 create. Throws UnsupportedError on
 * Node before 22.13, and what SQLite says where the file cannot be written.
 */
export async function writeOptunaSqlite(
  path: string,
  rows: OptunaRows,
  version: OptunaVersion = 5,
): Promise<void> {
  const { library, zone } = optunaVersion(version);
  const { DatabaseSync } = await nodeSqlite('writing SQLite files');
  const database = new DatabaseSync(path);
  try {
    database.exec('BEGIN');
    for (const statement of optunaSchema) database.exec(statement);
    const prepared = new Map<string, ReturnType<typeof database.prepare>>();
    const insert: Insert = (table, row) => {
      const names = Object.keys(row);
      let statement = prepared.get(table);
      statement ??= database.prepare(
        `INSERT INTO ${table} (${names.map((name) => `"${name}"`).join()}) VALUES (${names.map(() => '?').join()})`,
      );
      prepared.set(table, statement);
      statement.run(...Object.values(row));
    };
    insert('version_info', { version_info_id: 1, schema_version: schemaVersion, library_version: library });
    insert('alembic_version', { version_num: schemaRevision });
    insertStudy(insert, rows, zone);
    database.exec('COMMIT');
  } finally {
    database.close();
  }
}

function insertStudy(insert: Insert, rows: OptunaRows, zone: Zone): void {
  const { name, directions, userAttributes, systemAttributes, trials } = rows;
  const of = { study_id: 1 };
  insert('studies', { ...of, study_name: name });
  for (const [objective, direction] of directions.entries())
    insert('study_directions', { direction: direction.toUpperCase(), ...of, objective });
  insertAttributes(insert, 'study_user_attributes', { of, attributes: userAttributes });
  insertAttributes(insert, 'study_system_attributes', { of, attributes: systemAttributes });
  for (const [number, trial] of trials.entries()) insertTrial(insert, trial, { number, zone });
}

function insertAttributes(
  insert: Insert,
  table: string,
  {
    of,
    attributes,
  }: { readonly of: Readonly<Record<string, number>>; readonly attributes: OptunaRow['userAttributes'] },
): void {
  for (const [key, value] of Object.entries(attributes))
    insert(table, { ...of, key, value_json: JSON.stringify(value) });
}

function insertTrial(
  insert: Insert,
  trial: OptunaRow,
  { number, zone }: { readonly number: number; readonly zone: Zone },
): void {
  const of = { trial_id: number + 1 };
  const time = (ms: number | undefined) => (ms === undefined ? null : optunaTimeText(ms, zone));
  insert('trials', {
    ...of,
    number,
    study_id: 1,
    state: trial.state,
    datetime_start: time(trial.startedAt),
    datetime_complete: time(trial.finishedAt),
  });
  for (const { name, internal, distribution } of trial.params)
    insert('trial_params', {
      ...of,
      param_name: name,
      param_value: internal,
      distribution_json: distribution,
    });
  for (const [objective, value] of trial.values.entries())
    insert('trial_values', { ...of, objective, value, value_type: 'FINITE' });
  for (const { step, value } of trial.intermediateValues)
    insert('trial_intermediate_values', {
      ...of,
      step,
      intermediate_value: value,
      intermediate_value_type: 'FINITE',
    });
  insertAttributes(insert, 'trial_user_attributes', { of, attributes: trial.userAttributes });
  insertAttributes(insert, 'trial_system_attributes', { of, attributes: trial.systemAttributes });
}
