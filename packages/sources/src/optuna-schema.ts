interface Table {
  readonly name: string;
  /** The first is the primary key. */
  readonly columns: readonly string[];
  readonly unique?: string;
  /** The table that `STUDY_id` or `TRIAL_id` refers to. */
  readonly of?: 'study' | 'trial';
}

const json = ['"key" VARCHAR(512)', 'value_json TEXT'];
const attributes = (of: 'study' | 'trial', kind: 'user' | 'system'): Table => ({
  name: `${of}_${kind}_attributes`,
  columns: [`${of}_${kind}_attribute_id INTEGER NOT NULL`, `${of}_id INTEGER`, ...json],
  unique: `${of}_id, "key"`,
  of,
});

const tables: readonly Table[] = [
  { name: 'studies', columns: ['study_id INTEGER NOT NULL', 'study_name VARCHAR(512) NOT NULL'] },
  {
    name: 'study_directions',
    columns: [
      'study_direction_id INTEGER NOT NULL',
      'direction VARCHAR(8) NOT NULL',
      'study_id INTEGER NOT NULL',
      'objective INTEGER NOT NULL',
    ],
    unique: 'study_id, objective',
    of: 'study',
  },
  attributes('study', 'user'),
  attributes('study', 'system'),
  {
    name: 'trials',
    columns: [
      'trial_id INTEGER NOT NULL',
      'number INTEGER',
      'study_id INTEGER',
      'state VARCHAR(8) NOT NULL',
      'datetime_start DATETIME',
      'datetime_complete DATETIME',
    ],
    of: 'study',
  },
  attributes('trial', 'user'),
  attributes('trial', 'system'),
  {
    name: 'trial_params',
    columns: [
      'param_id INTEGER NOT NULL',
      'trial_id INTEGER',
      'param_name VARCHAR(512)',
      'param_value FLOAT',
      'distribution_json TEXT',
    ],
    unique: 'trial_id, param_name',
    of: 'trial',
  },
  {
    name: 'trial_values',
    columns: [
      'trial_value_id INTEGER NOT NULL',
      'trial_id INTEGER NOT NULL',
      'objective INTEGER NOT NULL',
      'value FLOAT',
      'value_type VARCHAR(7) NOT NULL',
    ],
    unique: 'trial_id, objective',
    of: 'trial',
  },
  {
    name: 'trial_intermediate_values',
    columns: [
      'trial_intermediate_value_id INTEGER NOT NULL',
      'trial_id INTEGER NOT NULL',
      'step INTEGER NOT NULL',
      'intermediate_value FLOAT',
      'intermediate_value_type VARCHAR(7) NOT NULL',
    ],
    unique: 'trial_id, step',
    of: 'trial',
  },
  {
    name: 'trial_heartbeats',
    columns: [
      'trial_heartbeat_id INTEGER NOT NULL',
      'trial_id INTEGER NOT NULL',
      'heartbeat DATETIME NOT NULL',
    ],
    unique: 'trial_id',
    of: 'trial',
  },
];

/** Optuna's number of the schema, and the revision by which Alembic knows it. */
export const schemaVersion = 12;
export const schemaRevision = 'v3.2.0.a';

/**
 * The statements that make the tables and indexes of Optuna's RDBStorage as Optuna 3.2 to 5 make them; a test compares them with those
 * in files of Optuna.
 */
export const optunaSchema: readonly string[] = [
  'CREATE TABLE version_info (version_info_id INTEGER NOT NULL, schema_version INTEGER, library_version VARCHAR(256), PRIMARY KEY (version_info_id), CHECK (version_info_id=1))',
  'CREATE TABLE alembic_version (version_num VARCHAR(32) NOT NULL, CONSTRAINT alembic_version_pkc PRIMARY KEY (version_num))',
  ...tables.map(({ name, columns, unique, of }) => {
    const constraints = [
      `PRIMARY KEY (${columns[0]!.split(' ')[0]})`,
      ...(unique === undefined ? [] : [`UNIQUE (${unique})`]),
      ...(of === undefined
        ? []
        : [`FOREIGN KEY(${of}_id) REFERENCES ${of === 'study' ? 'studies' : 'trials'} (${of}_id)`]),
    ];
    return `CREATE TABLE ${name} (${[...columns, ...constraints].join(', ')})`;
  }),
  'CREATE UNIQUE INDEX ix_studies_study_name ON studies (study_name)',
  'CREATE INDEX ix_trials_study_id ON trials (study_id)',
];
