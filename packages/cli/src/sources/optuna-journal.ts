import { lenientJson } from './lenient-json.ts';
import { addParameter, type OptunaStudy, type OptunaTrial } from './optuna-study.ts';

/** Operation codes of Optuna's journal, as its files have them. */
const operation = { createStudy: 0, createTrial: 4, setParameter: 5, setState: 6 } as const;
const states = ['running', 'complete', 'pruned', 'failed', 'running'] as const;

interface Entry {
  readonly op_code: number;
  readonly study_id?: number;
  readonly study_name?: string;
  readonly directions?: readonly number[];
  readonly trial_id?: number;
  readonly param_name?: string;
  readonly param_value_internal?: number;
  readonly distribution?: string;
  readonly distributions?: Readonly<Record<string, string>>;
  readonly params?: Readonly<Record<string, number>>;
  readonly state?: number;
  readonly value?: number | string | null;
  /** Numbers; texts where they are not finite. */
  readonly values?: readonly (number | string | null)[] | null;
}

/** True when the first line is an entry of Optuna's journal. */
export function isOptunaJournal(text: string): boolean {
  const line = text.slice(0, text.indexOf('\n') + 1 || undefined);
  try {
    return typeof (JSON.parse(line) as Entry).op_code === 'number';
  } catch {
    return false;
  }
}

/** The studies of an Optuna journal file (JournalFileBackend). A torn last line is passed over. */
export function optunaJournal(text: string): readonly OptunaStudy[] {
  const studies: OptunaStudy[] = [];
  const trials: { readonly study: OptunaStudy; readonly trial: OptunaTrial }[] = [];
  for (const line of text.split('\n')) {
    if (line.trim() === '') continue;
    let entry: Entry;
    try {
      entry = lenientJson(line) as Entry;
    } catch {
      continue;
    }
    const { trial } = trials[entry.trial_id ?? -1] ?? {};
    if (entry.op_code === operation.createStudy)
      studies.push({
        name: entry.study_name ?? 'optuna',
        directions: (entry.directions ?? [1]).map((code) => (code === 2 ? 'maximize' : 'minimize')),
        trials: new Map(),
      });
    else if (entry.op_code === operation.createTrial) {
      const study = studies[entry.study_id ?? -1];
      if (!study) continue;
      const made: OptunaTrial = { state: 'running', values: [], params: new Map() };
      study.trials.set(trials.length, made);
      trials.push({ study, trial: made });
      for (const [name, distribution] of Object.entries(entry.distributions ?? {}))
        addParameter(made, { name, internal: entry.params?.[name] ?? Number.NaN, distribution });
      finish(made, entry);
    } else if (trial && entry.op_code === operation.setParameter)
      addParameter(trial, {
        name: entry.param_name!,
        internal: entry.param_value_internal!,
        distribution: entry.distribution!,
      });
    else if (trial && entry.op_code === operation.setState) finish(trial, entry);
  }
  return studies;
}

function finish(trial: OptunaTrial, { state, value, values }: Entry): void {
  if (state !== undefined) trial.state = states[state] ?? 'running';
  const found = values ?? (value === undefined || value === null ? undefined : [value]);
  if (found) trial.values = found.map((v) => (typeof v === 'number' ? v : undefined));
}
