import * as v from 'valibot';

/** Texts of a card go into prompts, which are paid by length. */
const line = v.pipe(v.string(), v.minLength(1), v.maxLength(500));
const whole = v.pipe(v.number(), v.integer(), v.minValue(0));
const value = v.union([v.string(), v.number(), v.boolean(), v.null()]);

const hyperparameter = v.strictObject({
  meaning: v.optional(v.pipe(line, v.description('What it does, in a few words.'))),
  constraints: v.optional(v.pipe(line, v.description('What holds beyond its range, in words.'))),
  type: v.optional(v.picklist(['real', 'int', 'ordinal', 'categorical'])),
  low: v.optional(v.number()),
  high: v.optional(v.number()),
  log: v.optional(v.boolean()),
  choices: v.optional(v.array(value)),
});

export const taskCardSchema = v.strictObject({
  model: v.pipe(line, v.description('What is tuned: random forest, multilayer perceptron.')),
  task: v.pipe(line, v.description('classification, regression, or another kind in words.')),
  samples: v.optional(v.pipe(whole, v.description('Rows of the data.'))),
  features: v.optional(
    v.strictObject({ total: whole, categorical: v.optional(whole), numeric: v.optional(whole) }),
  ),
  classes: v.optional(v.pipe(v.number(), v.integer(), v.minValue(2), v.description('Of a classification.'))),
  metric: v.pipe(line, v.description('What a trial measures.')),
  direction: v.picklist(['minimize', 'maximize']),
  hyperparameters: v.pipe(
    v.record(v.string(), hyperparameter),
    v.description(
      'One entry for each parameter of the space. A range or list that is given must be the one of the space.',
    ),
  ),
  facts: v.optional(
    v.pipe(
      v.array(line),
      v.maxLength(50),
      v.description(
        'Anything else, one sentence each: correlations, marginal distributions, what worked before.',
      ),
    ),
  ),
});

/** What a user knows of the task: of the model, the data, the hyperparameters. A shape checked by `taskCard`. */
export type TaskCard = v.InferOutput<typeof taskCardSchema>;
