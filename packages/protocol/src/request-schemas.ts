import type { Json } from '@foothold/core';
import * as v from 'valibot';

/** The requests of the line protocol, one JSON object a line; unknown members are refused so that a typing mistake is an error. */
const value = v.union([v.number(), v.string(), v.boolean(), v.null()]);
const params = v.record(v.string(), value);
const metrics = v.record(v.string(), v.number());
const direction = v.picklist(['minimize', 'maximize']);
const count = v.pipe(v.number(), v.integer(), v.minValue(1), v.maxValue(10_000));
const whole = v.pipe(v.number(), v.integer(), v.minValue(0));

/** What `v.regex` says of another name. */
const studyNameRule = 'letters, digits, _, . and -, at most 200 of them, the first a letter, digit or _';

export const studyName = v.pipe(v.string(), v.regex(/^\w[\w.-]{0,199}$/, studyNameRule));

/** JSON is checked by the study. */
const attributes = v.record(v.string(), v.unknown() as v.GenericSchema<unknown, Json>);
const notes = { attributes: v.optional(attributes), note: v.optional(v.string()) };
const past = v.strictObject({
  params,
  value: v.optional(v.nullable(v.number())),
  standardError: v.optional(v.pipe(v.number(), v.minValue(0))),
  metrics: v.optional(metrics),
  state: v.optional(v.picklist(['complete', 'failed', 'pruned'])),
  reason: v.optional(v.string()),
  number: v.optional(whole),
  ...notes,
});
const features = v.array(v.number());
const aboutSource = {
  name: v.optional(v.string()),
  direction: v.optional(direction),
  metaFeatures: v.optional(features),
  weight: v.optional(v.pipe(v.number(), v.minValue(0), v.maxValue(1))),
};
const source = v.union([
  v.strictObject({ trials: v.array(past), ...aboutSource }),
  v.strictObject({ path: v.string(), ...aboutSource }),
]);
const sampler = v.union([v.string(), v.looseObject({ name: v.string() })]);

const limits = v.array(
  v.union([
    v.strictObject({ metric: v.string(), atMost: v.number() }),
    v.strictObject({ metric: v.string(), atLeast: v.number() }),
  ]),
);
const matrix = v.strictObject({
  rows: v.array(v.union([v.string(), v.number()])),
  columns: v.array(v.string()),
  costs: v.optional(v.array(v.number())),
  scores: v.optional(v.array(v.array(v.nullable(v.number())))),
  target: v.optional(v.picklist(['mean', 'smooth', 'worst-task', 'every-task'])),
});

/** By the name of the operation. */
export const requestSchemas = {
  create: v.strictObject({
    op: v.literal('create'),
    space: v.optional(v.record(v.string(), v.unknown())),
    matrix: v.optional(matrix),
    constraints: v.optional(v.array(v.unknown())),
    direction: v.optional(direction),
    seed: v.optional(v.pipe(v.number(), v.integer())),
    sampler: v.optional(sampler),
    pruner: v.optional(sampler),
    trials: v.optional(v.pipe(v.number(), v.integer(), v.minValue(1), v.maxValue(1e9))),
    name: v.optional(studyName),
    storage: v.optional(v.pipe(v.string(), v.minLength(1))),
    lease: v.optional(v.pipe(v.number(), v.gtValue(0), v.maxValue(1e9))),
    retries: v.optional(whole),
    late: v.optional(v.picklist(['refuse', 'keep'])),
    objectives: v.optional(v.array(v.strictObject({ metric: v.string(), direction }))),
    limits: v.optional(limits),
    cost: v.optional(v.string()),
    repeat: v.optional(v.boolean()),
    transfer: v.optional(v.array(source)),
    method: v.optional(v.string()),
    gated: v.optional(v.boolean()),
    metaFeatures: v.optional(features),
  }),
  load: v.strictObject({ op: v.literal('load'), trials: v.array(past) }),
  enqueue: v.strictObject({ op: v.literal('enqueue'), params }),
  ask: v.strictObject({
    op: v.literal('ask'),
    count: v.optional(count),
    fixed: v.optional(params),
    trials: v.optional(whole),
    ...notes,
  }),
  note: v.strictObject({ op: v.literal('note'), number: v.optional(whole), ...notes }),
  report: v.strictObject({
    op: v.literal('report'),
    number: whole,
    step: v.number(),
    value: v.number(),
    metrics: v.optional(metrics),
  }),
  tell: v.strictObject({
    op: v.literal('tell'),
    number: whole,
    value: v.optional(v.number()),
    standardError: v.optional(v.pipe(v.number(), v.minValue(0))),
    metrics: v.optional(metrics),
    state: v.optional(v.picklist(['complete', 'failed', 'pruned'])),
    reason: v.optional(v.string()),
    ...notes,
  }),
  edit: v.strictObject({
    op: v.literal('edit'),
    space: v.optional(v.record(v.string(), v.unknown())),
    constraints: v.optional(v.array(v.unknown())),
    values: v.optional(params),
    limits: v.optional(limits),
    cost: v.optional(v.string()),
  }),
  best: v.strictObject({ op: v.literal('best') }),
  trials: v.strictObject({ op: v.literal('trials') }),
} as const;

type Requests = typeof requestSchemas;
export type Request = { [K in keyof Requests]: v.InferOutput<Requests[K]> }[keyof Requests];
export type RequestOf<K extends Request['op']> = Extract<Request, { op: K }>;
export type PastTrial = v.InferOutput<typeof past>;
export type TransferSource = v.InferOutput<typeof source>;
