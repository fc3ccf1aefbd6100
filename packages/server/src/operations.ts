import { requestSchemas, studyName } from '@foothold/protocol';
import * as v from 'valibot';

const number = v.pipe(v.number(), v.integer(), v.minValue(0));
const {
  op: _create,
  matrix: _matrix,
  storage: _storage,
  holds: _holds,
  transfer,
  space,
  ...create
} = requestSchemas.create.entries;
const { trials, ...aboutSource } = transfer.wrapped.item.options[0].entries;

/** The members of `create` beside the space and the goal: a server keeps them. */
const settings = v.strictObject({
  sampler: create.sampler,
  pruner: create.pruner,
  trials: create.trials,
  lease: create.lease,
  retries: create.retries,
  late: create.late,
  transfer: v.optional(
    v.array(
      v.union(
        [v.strictObject({ trials, ...aboutSource }), v.strictObject({ study: studyName, ...aboutSource })],
        '{"trials":[{"params":{"lr":0.1},"value":0.3}]} or {"study":"earlier"}, each also with name, direction, metaFeatures and weight',
      ),
    ),
  ),
  method: create.method,
  gated: create.gated,
  metaFeatures: create.metaFeatures,
});

/** How a server opens a study, beside its space and goal. */
export type StudySettings = v.InferOutput<typeof settings>;
export const settingsNames = Object.keys(settings.entries) as (keyof StudySettings)[];

/** The body of `POST /api/studies`: the members of the line protocol's `create`, with earlier studies by their names. */
export const createSchema = v.strictObject({ ...create, space: space.wrapped, ...settings.entries });
export type CreateBody = v.InferOutput<typeof createSchema>;

/** The bodies of `POST /api/studies/NAME/OP`: those of the line protocol, and a few that a server has more. */
export const operationSchemas = {
  ask: v.omit(requestSchemas.ask, ['op']),
  tell: v.omit(requestSchemas.tell, ['op']),
  report: v.omit(requestSchemas.report, ['op']),
  enqueue: v.omit(requestSchemas.enqueue, ['op']),
  load: v.omit(requestSchemas.load, ['op']),
  note: v.omit(requestSchemas.note, ['op']),
  edit: v.omit(requestSchemas.edit, ['op']),
  /** Gives a running trial back, whoever has it. */
  release: v.omit(requestSchemas.release, ['op']),
  /** From here on the trial counts nowhere; the log keeps it. */
  delete: v.omit(requestSchemas.delete, ['op']),
  restore: v.omit(requestSchemas.restore, ['op']),
  /** Restarts the lease of a running trial. */
  renew: v.strictObject({ number }),
  /** Ends a running trial, whoever has it. */
  fail: v.strictObject({ number, reason: v.optional(v.string()) }),
  /** From here on no trial is asked for. */
  stop: v.strictObject({}),
  resume: v.strictObject({}),
  /** `force`: also while a worker evaluates a trial, whose outcome is then lost. */
  rename: v.strictObject({ to: studyName, force: v.optional(v.boolean()) }),
  copy: v.strictObject({ to: studyName }),
} as const;

export type Operation = keyof typeof operationSchemas;
export type BodyOf<O extends Operation> = v.InferOutput<(typeof operationSchemas)[O]>;

/** The key of an ask that may be repeated. */
export const idempotencyKey = v.pipe(
  v.string(),
  v.regex(/^[\x21-\x7e]{1,100}$/, '1 to 100 printable ASCII characters without spaces'),
  v.description('the same key gets the same trials: for an ask whose answer was lost'),
);

/** The longest that a share link lives, in seconds: 90 days. */
const longestShare = 90 * 24 * 3600;

/** The body of `POST /api/shares`. */
export const shareSchema = v.strictObject({
  study: studyName,
  seconds: v.pipe(v.number(), v.integer(), v.minValue(1), v.maxValue(longestShare)),
});
