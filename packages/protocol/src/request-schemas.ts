import type { Json } from '@foothold/core';
import * as v from 'valibot';

/** What a parameter looks like, by examples. */
const spaceText =
  'parameters by their names: {"type":"real","low":0.0001,"high":1,"log":true}, {"type":"int","low":1,"high":8}, ' +
  '{"type":"ordinal","choices":[16,32]}, {"type":"categorical","choices":["sgd","adam"]} or {"type":"boolean"}; ' +
  '"default":VALUE is tried first, "when":{"optimizer":["sgd"]} makes one that is not always there';

/** The requests of the line protocol, one JSON object a line; unknown members are refused so that a typing mistake is an error. */
const value = v.union([v.number(), v.string(), v.boolean(), v.null()]);
const params = v.pipe(v.record(v.string(), value), v.description('values of the parameters by their names'));
const metrics = v.pipe(v.record(v.string(), v.number()), v.description('further figures by their names'));
const direction = v.picklist(['minimize', 'maximize']);
const count = v.pipe(v.number(), v.integer(), v.minValue(1), v.maxValue(10_000));
const whole = v.pipe(v.number(), v.integer(), v.minValue(0));
const number = v.pipe(whole, v.description('number of the trial'));
const outcome = v.pipe(
  v.picklist(['complete', 'failed', 'pruned']),
  v.description('complete where a value is given'),
);
const standardError = v.pipe(v.number(), v.minValue(0), v.description('of the value, where it is known'));
const space = v.pipe(v.record(v.string(), v.unknown()), v.description(spaceText));

/** What `v.regex` says of another name. */
const studyNameRule = 'letters, digits, _, . and -, at most 200 of them, the first a letter, digit or _';

export const studyName = v.pipe(
  v.string(),
  v.regex(/^\w[\w.-]{0,199}$/, studyNameRule),
  v.description('name of a study'),
);

/** JSON is checked by the study. */
const attributes = v.record(v.string(), v.unknown() as v.GenericSchema<unknown, Json>);
const notes = { attributes: v.optional(attributes), note: v.optional(v.string()) };
const past = v.strictObject({
  params,
  value: v.optional(v.nullable(v.number())),
  standardError: v.optional(standardError),
  metrics: v.optional(metrics),
  state: v.optional(outcome),
  reason: v.optional(v.string()),
  number: v.optional(whole),
  samplerState: v.optional(attributes),
  ...notes,
});
const features = v.array(v.number());
const aboutSource = {
  name: v.optional(v.string()),
  direction: v.optional(direction),
  metaFeatures: v.optional(features),
  weight: v.optional(v.pipe(v.number(), v.minValue(0), v.maxValue(1))),
};
const source = v.union(
  [
    v.strictObject({ trials: v.array(past), ...aboutSource }),
    v.strictObject({ path: v.string(), ...aboutSource }),
  ],
  '{"trials":[{"params":{"lr":0.1},"value":0.3}]} or {"path":"runs.csv"}, each also with name, direction, metaFeatures and weight',
);
const sampler = v.union(
  [v.string(), v.looseObject({ name: v.string() })],
  'a name, or {"name":NAME} with the options of this name',
);
const named = (what: string) => v.pipe(sampler, v.description(what));

const limits = v.array(
  v.union(
    [
      v.strictObject({ metric: v.string(), atMost: v.number() }),
      v.strictObject({ metric: v.string(), atLeast: v.number() }),
    ],
    '{"metric":"memory","atMost":8} or {"metric":"accuracy","atLeast":0.9}',
  ),
);
const fidelity = v.pipe(
  v.strictObject({
    name: v.pipe(v.string(), v.minLength(1)),
    max: v.pipe(v.number(), v.integer(), v.minValue(2), v.maxValue(10_000)),
    continues: v.optional(v.boolean()),
  }),
  v.description(
    'how far a configuration is trained, such as {"name":"epochs","max":52}: trials are pieces of training',
  ),
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
    space: v.optional(space),
    matrix: v.optional(matrix),
    constraints: v.optional(v.array(v.unknown())),
    direction: v.optional(direction),
    seed: v.optional(v.pipe(v.number(), v.integer())),
    sampler: v.optional(named('how parameters are chosen; auto where nothing is said')),
    pruner: v.optional(named('ends trials early by their reports: asha, median and others')),
    trials: v.optional(v.pipe(v.number(), v.integer(), v.minValue(1), v.maxValue(1e9))),
    name: v.optional(studyName),
    storage: v.optional(v.pipe(v.string(), v.minLength(1))),
    lease: v.optional(v.pipe(v.number(), v.gtValue(0), v.maxValue(1e9))),
    retries: v.optional(whole),
    late: v.optional(v.picklist(['refuse', 'keep'])),
    holds: v.optional(v.array(whole)),
    objectives: v.optional(v.array(v.strictObject({ metric: v.string(), direction }))),
    limits: v.optional(limits),
    cost: v.optional(v.string()),
    repeat: v.optional(v.boolean()),
    fidelity: v.optional(fidelity),
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
    fixed: v.optional(
      v.pipe(params, v.description('parameters that are not to be chosen, with their values')),
    ),
    trials: v.optional(v.pipe(whole, v.description('no trial beyond this many in all'))),
    samplerState: v.optional(
      v.pipe(v.boolean(), v.description('true: the answer has what the sampler keeps of the trial')),
    ),
    ...notes,
  }),
  note: v.strictObject({
    op: v.literal('note'),
    number: v.optional(whole),
    ...notes,
    output: v.optional(v.array(v.string())),
  }),
  report: v.strictObject({
    op: v.literal('report'),
    number,
    step: v.pipe(v.number(), v.description('epoch, or whatever else goes on while the trial runs')),
    value: v.number(),
    metrics: v.optional(metrics),
  }),
  tell: v.strictObject({
    op: v.literal('tell'),
    number,
    value: v.optional(v.pipe(v.number(), v.description('what the evaluation came to'))),
    standardError: v.optional(standardError),
    metrics: v.optional(metrics),
    state: v.optional(outcome),
    reason: v.optional(v.pipe(v.string(), v.description('why it failed'))),
    ...notes,
  }),
  edit: v.strictObject({
    op: v.literal('edit'),
    space: v.optional(space),
    constraints: v.optional(v.array(v.unknown())),
    values: v.optional(params),
    limits: v.optional(limits),
    cost: v.optional(v.string()),
  }),
  /** Of the conversation: its leases are renewed no more. */
  end: v.strictObject({ op: v.literal('end') }),
  best: v.strictObject({ op: v.literal('best') }),
  /** `deleted`: also those that are deleted. */
  trials: v.strictObject({ op: v.literal('trials'), deleted: v.optional(v.boolean()) }),
  /** Gives a running trial back, whoever has it. */
  release: v.strictObject({ op: v.literal('release'), number }),
  /** From here on the trial counts nowhere. */
  delete: v.strictObject({ op: v.literal('delete'), number }),
  /** A deleted trial counts again. */
  restore: v.strictObject({ op: v.literal('restore'), number }),
} as const;

type Requests = typeof requestSchemas;
export type Request = { [K in keyof Requests]: v.InferOutput<Requests[K]> }[keyof Requests];
export type RequestOf<K extends Request['op']> = Extract<Request, { op: K }>;
export type PastTrial = v.InferOutput<typeof past>;
export type TransferSource = v.InferOutput<typeof source>;
