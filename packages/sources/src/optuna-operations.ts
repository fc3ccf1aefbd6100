/** The operations of Optuna's journal (JournalFileBackend): what a line may say. */
import * as v from 'valibot';
import { anyRecord, recordOf } from './any-record.ts';
import { optunaTime } from './optuna-time.ts';
import type { OptunaDistribution } from './optuna-value.ts';

/** The states of a trial, by Optuna's codes. */
export const states = ['running', 'complete', 'pruned', 'failed', 'waiting'] as const;

const id = v.pipe(v.number(), v.integer(), v.minValue(0));
/** A number; not finite ones are NaN, Infinity, -Infinity, or texts of these names. */
const figure = v.union([v.number(), v.nan(), v.pipe(v.string(), v.transform(Number))]);
const state = v.pipe(id, v.maxValue(states.length - 1));
const values = v.nullish(v.array(v.nullable(figure)));
const ofTrial = { trial_id: id };
/** Milliseconds since 1970. Texts without an offset, as Optuna wrote before 5, are local times. */
const time = v.pipe(
  v.nullish(v.string()),
  v.transform((text) => optunaTime(text, 'local')),
);

/**
 * By Optuna's codes: 0 creates a study, 1 removes it, 2 and 3 set its attributes, 4 creates a trial, 5 sets a parameter, 6 the
 * state and values, 7 an intermediate value, 8 and 9 attributes.
 */
function operations(read: (json: string) => OptunaDistribution) {
  const distribution = v.pipe(
    v.string(),
    v.rawTransform(({ dataset, addIssue, NEVER }) => {
      try {
        return read(dataset.value);
      } catch {
        addIssue({ message: 'the JSON of a distribution is expected' });
        return NEVER;
      }
    }),
  );
  return v.variant('op_code', [
    v.object({
      op_code: v.literal(0),
      study_name: v.string(),
      directions: v.pipe(v.array(v.picklist([0, 1, 2])), v.minLength(1)),
    }),
    v.object({ op_code: v.literal(1), study_id: id }),
    v.object({
      op_code: v.literal(4),
      study_id: id,
      distributions: v.optional(recordOf(distribution), {}),
      params: v.optional(recordOf(figure), {}),
      state: v.optional(state, 0),
      value: v.nullish(figure),
      values,
      datetime_start: time,
      datetime_complete: time,
      user_attrs: v.optional(anyRecord, {}),
      system_attrs: v.optional(anyRecord, {}),
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
    v.object({ op_code: v.literal(2), study_id: id, user_attr: anyRecord }),
    v.object({ op_code: v.literal(3), study_id: id, system_attr: anyRecord }),
    v.object({ ...ofTrial, op_code: v.literal(7), step: v.number(), intermediate_value: v.nullable(figure) }),
    v.object({ ...ofTrial, op_code: v.literal(8), user_attr: anyRecord }),
    v.object({ ...ofTrial, op_code: v.literal(9), system_attr: anyRecord }),
    // Discarded trials: Optuna passes over this, too.
    v.object({ op_code: v.literal(10) }),
  ]);
}

export type Operation = v.InferOutput<ReturnType<typeof operations>>;
export type OperationOf<Code> = Extract<Operation, { readonly op_code: Code }>;

/** What a value of JSON says; a text says what is wrong with it. Distributions are read by `read`. */
export function operationReader(
  read: (json: string) => OptunaDistribution,
): (entry: unknown) => Operation | string {
  const all = operations(read);
  // The schema of one code at once: the variant tries them one after another.
  const byCode = new Map<unknown, v.GenericSchema<unknown, Operation>>(
    all.options.map((option) => [option.entries.op_code.literal, option]),
  );
  return (entry) => {
    const code =
      typeof entry === 'object' && entry !== null && 'op_code' in entry ? entry.op_code : undefined;
    const result = v.safeParse(byCode.get(code) ?? all, entry);
    if (result.success) return result.output;
    const [issue] = result.issues;
    return `${v.getDotPath(issue) ?? 'the line'}: ${issue.message}`;
  };
}
