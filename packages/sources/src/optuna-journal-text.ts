import type { OptunaRow, OptunaRows } from './optuna-rows.ts';
import { optunaTimeText } from './optuna-time.ts';
import { type OptunaVersion, optunaVersion } from './optuna-versions.ts';

const states: Readonly<Record<OptunaRow['state'], number>> = {
  RUNNING: 0,
  COMPLETE: 1,
  PRUNED: 2,
  FAIL: 3,
  WAITING: 4,
};

/** The study as a journal of Optuna (JournalFileBackend): an operation a line. */
export function optunaJournalText(
  { name, directions, userAttributes, systemAttributes, trials }: OptunaRows,
  version: OptunaVersion = 5,
): string {
  const { zone } = optunaVersion(version);
  const time = (ms: number) => `${optunaTimeText(ms, zone, 'T')}${zone === 'utc' ? '+00:00' : ''}`;
  const operations: object[] = [
    {
      op_code: 0,
      study_name: name,
      directions: directions.map((direction) => (direction === 'minimize' ? 1 : 2)),
    },
    ...Object.entries(userAttributes).map(([key, value]) => ({
      op_code: 2,
      study_id: 0,
      user_attr: { [key]: value },
    })),
    ...Object.entries(systemAttributes).map(([key, value]) => ({
      op_code: 3,
      study_id: 0,
      system_attr: { [key]: value },
    })),
    ...trials.map((trial) => trialOperation(trial, time)),
  ];
  // A worker that no process of Optuna is: what it wrote is nobody's own.
  return operations
    .map((operation) => `${JSON.stringify({ worker_id: 'foothold', ...operation })}\n`)
    .join('');
}

function trialOperation(trial: OptunaRow, time: (ms: number) => string): object {
  const { values, params, startedAt, finishedAt, intermediateValues, userAttributes, systemAttributes } =
    trial;
  return {
    op_code: 4,
    study_id: 0,
    datetime_start: startedAt === undefined ? null : time(startedAt),
    ...(finishedAt !== undefined && { datetime_complete: time(finishedAt) }),
    state: states[trial.state],
    value: values.length === 1 ? values[0] : null,
    values: values.length > 1 ? values : null,
    distributions: Object.fromEntries(params.map(({ name, distribution }) => [name, distribution])),
    params: Object.fromEntries(params.map(({ name, internal }) => [name, internal])),
    user_attrs: userAttributes,
    system_attrs: systemAttributes,
    intermediate_values: Object.fromEntries(intermediateValues.map(({ step, value }) => [step, value])),
  };
}
