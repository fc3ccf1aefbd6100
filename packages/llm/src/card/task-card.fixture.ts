import { categorical, integer, linear, logUniform, searchSpace, uniform } from '@foothold/space';

/** A card and its space with every kind of parameter, a condition and a constraint. */
export const space = searchSpace(
  {
    lr: logUniform(1e-5, 1e-1),
    layers: integer(1, 4),
    dropout: uniform(0, 0.5, { step: 0.05 }),
    optimizer: categorical('sgd', 'adam', 'RMS prop'),
    momentum: uniform(0, 1).when('optimizer', 'sgd'),
  },
  { constraints: [linear({ layers: 1, dropout: 2 }, { atMost: 4.5 })] },
);

export const card = {
  model: 'multilayer perceptron',
  task: 'classification of images',
  samples: 1797,
  features: { total: 64, categorical: 0, numeric: 64 },
  classes: 10,
  metric: 'cross-validated accuracy',
  direction: 'maximize',
  hyperparameters: {
    lr: { meaning: 'learning rate', type: 'real', low: 1e-5, high: 0.1, log: true },
    layers: { meaning: 'number of hidden layers', constraints: 'more than two rarely pay' },
    dropout: {},
    optimizer: { choices: ['sgd', 'adam', 'RMS prop'] },
    momentum: { meaning: 'share of the last step' },
  },
  facts: ['Neighbouring pixels are correlated at 0.9.', 'Pixels in the corners are almost always 0.'],
} as const;
