import { integer, logUniform, type ParameterSpace, searchSpace, uniform } from '@foothold/space';

export const learnerNames = ['RandomForest', 'SVM', 'DecisionTree', 'MLP_SGD', 'AdaBoost'] as const;
export type LearnerName = (typeof learnerNames)[number];

/** A model of scikit-learn with the hyperparameters that Bayesmark tunes (Turner and Eriksson 2019), as LLAMBO took them over. */
export interface Learner {
  /** What a task card calls it. */
  readonly title: string;
  readonly space: ParameterSpace;
  readonly meanings: Readonly<Record<string, string>>;
  /** Settings that are not tuned. */
  readonly fixed: string;
}

/** Bayesmark searches fractions on a logit scale, which no space here has: they are uniform, as LLAMBO's prompts show them. */
const treeSpace = () =>
  searchSpace({
    max_depth: integer(1, 15),
    max_features: uniform(0.01, 0.99),
    min_impurity_decrease: uniform(0, 0.5),
    min_samples_leaf: uniform(0.01, 0.49),
    min_samples_split: uniform(0.01, 0.99),
    min_weight_fraction_leaf: uniform(0.01, 0.49),
  });

const treeMeanings = {
  max_depth: 'largest depth of a tree',
  max_features: 'fraction of the features that a split chooses from',
  min_impurity_decrease: 'least decrease of the impurity that makes a split',
  min_samples_leaf: 'least fraction of the samples in a leaf',
  min_samples_split: 'least fraction of the samples in a node that is split',
  min_weight_fraction_leaf: 'least fraction of the weights in a leaf',
};

export const learners: Readonly<Record<LearnerName, Learner>> = {
  RandomForest: {
    title: 'random forest',
    space: treeSpace(),
    meanings: treeMeanings,
    fixed: 'The forest has 10 trees.',
  },
  SVM: {
    title: 'support vector machine',
    space: searchSpace({ C: logUniform(1, 1e3), gamma: logUniform(1e-4, 1e-3), tol: logUniform(1e-5, 1e-1) }),
    meanings: {
      C: 'inverse strength of the regularization',
      gamma: 'coefficient of the kernel',
      tol: 'tolerance of the stopping criterion',
    },
    fixed: 'The kernel is a radial basis function.',
  },
  DecisionTree: {
    title: 'decision tree',
    space: treeSpace(),
    meanings: treeMeanings,
    fixed: 'The number of leaves has no limit.',
  },
  MLP_SGD: {
    title: 'multilayer perceptron, trained by stochastic gradient descent',
    space: searchSpace({
      hidden_layer_sizes: integer(50, 200),
      alpha: logUniform(1e-5, 1e1),
      batch_size: integer(10, 250),
      learning_rate_init: logUniform(1e-5, 1e-1),
      power_t: uniform(0.1, 0.9),
      momentum: uniform(0.001, 0.999),
    }),
    meanings: {
      hidden_layer_sizes: 'units of the one hidden layer',
      alpha: 'strength of the L2 regularization',
      batch_size: 'samples of a mini-batch',
      learning_rate_init: 'learning rate at the start',
      power_t: 'exponent of the inverse scaling of the learning rate',
      momentum: 'momentum of the updates',
    },
    fixed: 'Training has Nesterov momentum, early stopping and at most 40 epochs.',
  },
  AdaBoost: {
    title: 'AdaBoost',
    space: searchSpace({ n_estimators: integer(10, 100), learning_rate: logUniform(1e-4, 1e1) }),
    meanings: {
      n_estimators: 'estimators at most',
      learning_rate: 'weight of each estimator',
    },
    fixed: 'The estimators are the default trees of scikit-learn.',
  },
};
