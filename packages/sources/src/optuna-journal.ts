/**
 * Optuna's journal (JournalFileBackend): an operation a line, read in order by the rules of Optuna itself.
 *
 * A study whose name is there makes none; a removed study's number is not given again. Trials are counted over all
 * studies. What belongs to a study or trial that is not there, to one that has ended, or to a distribution that the study
 * has in another kind, is passed over: so does Optuna where two workers wrote at once. A last line that is torn is passed
 * over; any other line that is no operation is an error.
 */
import { InvalidArgumentError } from '@foothold/core';
import * as v from 'valibot';
import { lenientJson } from './lenient-json.ts';
import {
  addParameter,
  type OptunaStudy,
  type OptunaTrial,
  optunaStudy,
  optunaTrial,
} from './optuna-study.ts';
import { optunaTime } from './optuna-time.ts';
import { areCompatible, type OptunaDistribution, optunaDistribution } from './optuna-value.ts';

const states = ['running', 'complete', 'pruned', 'failed', 'waiting'] as const;
const id = v.pipe(v.number(), v.integer(), v.minValue(0));
/** A number; not finite ones are NaN, Infinity, -Infinity, or texts of these names. */
const figure = v.union([v.number(), v.nan(), v.pipe(v.string(), v.transform(Number))]);
const state = v.pipe(id, v.maxValue(states.length - 1));
const values = v.nullish(v.array(v.nullable(figure)));
const distribution = v.pipe(
  v.string(),
  v.rawTransform(({ dataset, addIssue, NEVER }) => {
    try {
      return optunaDistribution(dataset.value);
    } catch {
      addIssue({ message: 'the JSON of a distribution is expected' });
      return NEVER;
    }
  }),
);
const ofTrial = { trial_id: id };
const attributes = v.record(v.string(), v.unknown());
/** Milliseconds since 1970. Texts without an offset, as Optuna wrote before 5, are local times. */
const time = v.pipe(
  v.nullish(v.string()),
  v.transform((text) => optunaTime(text, 'local')),
);

/**
 * By Optuna's codes: 0 creates a study, 1 removes it, 2 and 3 set its attributes, 4 creates a trial, 5 sets a parameter, 6 the
 * state and values, 7 an intermediate value, 8 and 9 attributes.
 */
const operations = v.variant('op_code', [
  v.object({
    op_code: v.literal(0),
    study_name: v.string(),
    directions: v.pipe(v.array(v.picklist([0, 1, 2])), v.minLength(1)),
  }),
  v.object({ op_code: v.literal(1), study_id: id }),
  v.object({
    op_code: v.literal(4),
    study_id: id,
    distributions: v.optional(v.record(v.string(), distribution), {}),
    params: v.optional(v.record(v.string(), figure), {}),
    state: v.optional(state, 0),
    value: v.nullish(figure),
    values,
    datetime_start: time,
    datetime_complete: time,
    user_attrs: v.optional(attributes, {}),
    system_attrs: v.optional(attributes, {}),
    intermediate_values: v.optional(v.record(v.string(), v.nullable(figure)), {}),
  }),
  v.object({
    ...ofTrial,
    op_code: v.literal(5),
    param_name: v.string(),
    param_value_internal: figure,
    distribution,
  }),
  v.object({
    ...ofTrial,
    op_code: v.literal(6),
    state,
    values,
    datetime_start: time,
    datetime_complete: time,
  }),
  v.object({ op_code: v.literal(2), study_id: id, user_attr: attributes }),
  v.object({ op_code: v.literal(3), study_id: id, system_attr: attributes }),
  v.object({ ...ofTrial, op_code: v.literal(7), step: v.number(), intermediate_value: v.nullable(figure) }),
  v.object({ ...ofTrial, op_code: v.literal(8), user_attr: attributes }),
  v.object({ ...ofTrial, op_code: v.literal(9), system_attr: attributes }),
  // Discarded trials: Optuna passes over this, too.
  v.object({ op_code: v.literal(10) }),
]);
type Operation = v.InferOutput<typeof operations>;

/** True when the first line is an operation of Optuna's journal. */
export function isOptunaJournal(text: string): boolean {
  const line = text.slice(0, text.indexOf('\n') + 1 || undefined);
  try {
    const first = lenientJson(line);
    return typeof first === 'object' && first !== null && 'op_code' in first;
  } catch {
    return false;
  }
}

/** The studies of a journal. Throws InvalidArgumentError that names the line. */
export function optunaJournal(text: string, path: string): readonly OptunaStudy[] {
  const journal = journalState();
  const lines = text.split('\n');
  const end = lines.findLastIndex((line) => line.trim() !== '');
  for (const [i, line] of lines.entries()) {
    if (line.trim() === '') continue;
    const refuse = (allowed: string) =>
      new InvalidArgumentError(
        `line ${i + 1} of ${path}`,
        line,
        `an operation of Optuna's journal (${allowed})`,
      );
    let entry: unknown;
    try {
      entry = lenientJson(line);
    } catch (error) {
      if (i === end && i > 0) break; // being written, or torn: Optuna passes over it, too
      throw refuse(error instanceof Error ? error.message : String(error));
    }
    const read = v.safeParse(operations, entry);
    if (!read.success) {
      const [issue] = read.issues;
      throw refuse(`${v.getDotPath(issue) ?? 'the line'}: ${issue.message}`);
    }
    journal.apply(read.output);
  }
  return journal.studies();
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

type OperationOf<Code> = Extract<Operation, { readonly op_code: Code }>;

/** What the operations so far make. */
function journalState(): { apply(operation: Operation): void; studies(): readonly OptunaStudy[] } {
  const known = new Map<number, KnownStudy>();
  const trials: JournalTrial[] = [];
  let created = 0;
  const open = (number: number) => {
    const found = trials[number];
    return found && (found.trial.state === 'running' || found.trial.state === 'waiting') ? found : undefined;
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
    setAll(trial.userAttributes, operation.user_attrs);
    setAll(trial.systemAttributes, operation.system_attrs);
    for (const [step, value] of Object.entries(operation.intermediate_values))
      trial.intermediateValues.set(Number(step), value ?? Number.NaN);
    const number = trials.push({ of, trial }) - 1;
    of.study.trials.set(number, trial);
    for (const [name, distribution] of Object.entries(operation.distributions)) {
      const internal = operation.params[name] ?? Number.NaN;
      setParameter({ of, trial }, number, { name, internal, distribution });
    }
    trial.values = finite(operation.values ?? [operation.value ?? null]);
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
  };
  const apply = (operation: Operation): void => {
    const { op_code: code } = operation;
    if (code === 0) create(operation);
    else if (code === 1) known.delete(operation.study_id);
    else if (code === 2) setAll(known.get(operation.study_id)?.study.userAttributes, operation.user_attr);
    else if (code === 3) setAll(known.get(operation.study_id)?.study.systemAttributes, operation.system_attr);
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
  else if (operation.op_code === 7)
    trial.intermediateValues.set(operation.step, operation.intermediate_value ?? Number.NaN);
  else if (operation.op_code === 8) setAll(trial.userAttributes, operation.user_attr);
  else setAll(trial.systemAttributes, operation.system_attr);
}

function setAll(map: Map<string, unknown> | undefined, values: Readonly<Record<string, unknown>>): void {
  for (const [name, value] of Object.entries(values)) map?.set(name, value);
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
