/**
 * Optuna's journal (JournalFileBackend): an operation a line, read in order by the rules of Optuna itself.
 *
 * A study whose name is there makes none; a removed study's number is not given again. Trials are counted over all
 * studies. What belongs to a study or trial that is not there, to one that has ended, or to a distribution that the study
 * has in another kind, is passed over: so does Optuna where two workers wrote at once. A last line that is torn is passed
 * over; any other line that is no operation is an error.
 */
import { InvalidArgumentError } from '@foothold/core';
import { lenientJson } from './lenient-json.ts';
import { type Operation, type OperationOf, operationReader, states } from './optuna-operations.ts';
import {
  addParameter,
  isEnded,
  type OptunaStudy,
  type OptunaTrial,
  optunaStudy,
  optunaTrial,
  sharedDistributions,
  withEntry,
} from './optuna-study.ts';
import { areCompatible, distributionReader, type OptunaDistribution } from './optuna-value.ts';

/** True when this line, the first of a file, is an operation of Optuna's journal. */
export function isOptunaJournal(line: string): boolean {
  try {
    const first = lenientJson(line);
    return typeof first === 'object' && first !== null && 'op_code' in first;
  } catch {
    return false;
  }
}

/** The studies of a journal, from its lines, some at once. Throws InvalidArgumentError that names the line. */
export async function optunaJournal(
  pieces: AsyncIterable<readonly string[]> | Iterable<readonly string[]>,
  path: string,
): Promise<readonly OptunaStudy[]> {
  const journal = journalReader(path);
  for await (const lines of pieces) for (const line of lines) journal.take(line);
  return journal.studies();
}

/** Takes the lines of a journal one after another. */
function journalReader(path: string): { take(line: string): void; studies(): readonly OptunaStudy[] } {
  const journal = journalState();
  const operationOf = operationReader(distributionReader());
  let number = 0;
  let broken: { readonly at: number; readonly error: InvalidArgumentError } | undefined;
  const take = (line: string): void => {
    number++;
    if (line.trim() === '') return;
    if (broken) throw broken.error;
    const refusal = (allowed: string) =>
      new InvalidArgumentError(
        `line ${number} of ${path}`,
        line,
        `an operation of Optuna's journal (${allowed})`,
      );
    let entry: unknown;
    try {
      entry = lenientJson(line);
    } catch (error) {
      broken = { at: number, error: refusal(error instanceof Error ? error.message : String(error)) };
      return;
    }
    const operation = operationOf(entry);
    if (typeof operation === 'string') throw refusal(operation);
    journal.apply(operation);
  };
  return {
    take,
    studies: () => {
      // A last line that is being written, or torn: Optuna passes over it, too.
      if (broken?.at === 1) throw broken.error;
      return journal.studies();
    },
  };
}

interface KnownStudy {
  readonly study: OptunaStudy;
  /** How each name was first stored by the earliest trial that has it. */
  readonly distributions: Map<string, { readonly trial: number; readonly first: OptunaDistribution }>;
}

interface JournalTrial {
  readonly of: KnownStudy;
  readonly trial: OptunaTrial;
}

/** What the operations so far make. */
function journalState(): { apply(operation: Operation): void; studies(): readonly OptunaStudy[] } {
  const known = new Map<number, KnownStudy>();
  const trials: JournalTrial[] = [];
  const shareDistributions = sharedDistributions();
  let created = 0;
  const open = (number: number) => {
    const found = trials[number];
    return found && !isEnded(found.trial) ? found : undefined;
  };
  const create = ({ study_name: name, directions }: OperationOf<0>) => {
    if ([...known.values()].some(({ study }) => study.name === name)) return;
    const words = directions.map((code) => (code === 2 ? 'maximize' : 'minimize'));
    known.set(created++, { study: optunaStudy(name, words), distributions: new Map() });
  };
  const addTrial = (operation: OperationOf<4>) => {
    const of = known.get(operation.study_id);
    if (!of) return;
    const trial = optunaTrial(states[operation.state]!);
    trial.startedAt = operation.datetime_start;
    trial.finishedAt = operation.datetime_complete;
    setAll(trial, 'userAttributes', operation.user_attrs);
    setAll(trial, 'systemAttributes', operation.system_attrs);
    for (const [step, value] of Object.entries(operation.intermediate_values))
      addIntermediateValue(trial, Number(step), value);
    const number = trials.push({ of, trial }) - 1;
    of.study.trials.set(number, trial);
    for (const [name, distribution] of Object.entries(operation.distributions)) {
      const internal = operation.params[name] ?? Number.NaN;
      setParameter({ of, trial }, number, { name, internal, distribution });
    }
    trial.values = finite(operation.values ?? [operation.value ?? null]);
    if (isEnded(trial)) shareDistributions(trial);
  };
  const addToTrial = (operation: OperationOf<5 | 6 | 7 | 8 | 9>) => {
    const { trial_id: number } = operation;
    const found = open(number);
    if (!found) return;
    if (operation.op_code === 5) {
      const { param_name: name, param_value_internal: internal, distribution } = operation;
      const before = found.of.distributions.get(name);
      if (!before || areCompatible(before.first, distribution))
        setParameter(found, number, { name, internal, distribution });
    } else setField(found.trial, operation);
    if (isEnded(found.trial)) shareDistributions(found.trial);
  };
  const apply = (operation: Operation): void => {
    const { op_code: code } = operation;
    if (code === 0) create(operation);
    else if (code === 1) known.delete(operation.study_id);
    else if (code === 2) setAll(known.get(operation.study_id)?.study, 'userAttributes', operation.user_attr);
    else if (code === 3)
      setAll(known.get(operation.study_id)?.study, 'systemAttributes', operation.system_attr);
    else if (code === 4) addTrial(operation);
    else if (code !== 10) addToTrial(operation);
  };
  return { apply, studies: () => [...known.values()].map(({ study }) => study) };
}

function setParameter(
  { of, trial }: JournalTrial,
  number: number,
  stored: { readonly name: string; readonly internal: number; readonly distribution: OptunaDistribution },
): void {
  const { name, distribution } = stored;
  const before = of.distributions.get(name);
  if (!before || number <= before.trial) of.distributions.set(name, { trial: number, first: distribution });
  addParameter(of.study, trial, stored);
}

function setField(trial: OptunaTrial, operation: OperationOf<6 | 7 | 8 | 9>): void {
  if (operation.op_code === 6) setState(trial, operation);
  else if (operation.op_code === 7) addIntermediateValue(trial, operation.step, operation.intermediate_value);
  else if (operation.op_code === 8) setAll(trial, 'userAttributes', operation.user_attr);
  else setAll(trial, 'systemAttributes', operation.system_attr);
}

function addIntermediateValue(trial: OptunaTrial, step: number, value: number | null): void {
  trial.intermediateValues = withEntry(trial.intermediateValues, step, value ?? Number.NaN);
}

function setAll(
  owner: OptunaStudy | OptunaTrial | undefined,
  kind: 'userAttributes' | 'systemAttributes',
  values: Readonly<Record<string, unknown>>,
): void {
  if (owner)
    for (const [name, value] of Object.entries(values)) owner[kind] = withEntry(owner[kind], name, value);
}

function setState(trial: OptunaTrial, operation: OperationOf<6>): void {
  const next = states[operation.state]!;
  // Another worker has taken the trial already.
  if (next === 'running' && trial.state === 'running') return;
  trial.state = next;
  if (next === 'running') trial.startedAt = operation.datetime_start;
  else if (next !== 'waiting') trial.finishedAt = operation.datetime_complete;
  if (operation.values) trial.values = finite(operation.values);
}

/** The values with holes where they are not finite. */
function finite(list: readonly (number | null)[]): (number | undefined)[] {
  return list.map((value) => (value !== null && Number.isFinite(value) ? value : undefined));
}
