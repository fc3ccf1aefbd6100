import { describeAcquisition } from '@foothold/testing';
import { costWeighted } from './cost-weighted.ts';
import { logExpectedImprovement } from './log-expected-improvement.ts';
import { logKnowledgeGradient } from './log-knowledge-gradient.ts';
import { logMaxValueEntropySearch } from './log-max-value-entropy-search.ts';
import { logMultiFidelityKnowledgeGradient } from './log-multi-fidelity-knowledge-gradient.ts';
import { logProbabilityOfImprovement } from './log-probability-of-improvement.ts';
import { priorWeighted } from './prior-weighted.ts';
import { qLogExpectedImprovement } from './q-log-expected-improvement.ts';
import { qLogNoisyExpectedImprovement } from './q-log-noisy-expected-improvement.ts';
import { qLowerBoundMaxValueEntropy } from './q-lower-bound-max-value-entropy.ts';
import { qUpperConfidenceBound } from './q-upper-confidence-bound.ts';
import { upperConfidenceBound } from './upper-confidence-bound.ts';

const logPrior = (x: { readonly rows: number; readonly data: Float64Array }) =>
  Float64Array.from({ length: x.rows }, (_, i) => -8 * (x.data[2 * i]! - 0.3) ** 2 - x.data[2 * i + 1]!);

describeAcquisition('logExpectedImprovement', logExpectedImprovement);
describeAcquisition('logExpectedImprovement over observed values', () =>
  logExpectedImprovement({ incumbent: 'observed', noise: 'ignored' }),
);
describeAcquisition('logProbabilityOfImprovement', logProbabilityOfImprovement);
describeAcquisition('upperConfidenceBound', upperConfidenceBound);
describeAcquisition('qLogExpectedImprovement', qLogExpectedImprovement);
describeAcquisition('logKnowledgeGradient', logKnowledgeGradient);
describeAcquisition('logMultiFidelityKnowledgeGradient', logMultiFidelityKnowledgeGradient);
describeAcquisition('priorWeighted(logExpectedImprovement)', () =>
  priorWeighted(logExpectedImprovement(), { logPrior }),
);
describeAcquisition('priorWeighted(logKnowledgeGradient)', () =>
  priorWeighted(logKnowledgeGradient({ targets: 8 }), { logPrior }),
);
describeAcquisition('priorWeighted(qLogExpectedImprovement)', () =>
  priorWeighted(qLogExpectedImprovement(), { logPrior }),
);
describeAcquisition('logMaxValueEntropySearch', logMaxValueEntropySearch);
describeAcquisition('logMaxValueEntropySearch of joint draws', () =>
  logMaxValueEntropySearch({ sampling: 'joint', maxima: 4 }),
);
describeAcquisition('qLowerBoundMaxValueEntropy', qLowerBoundMaxValueEntropy);
describeAcquisition('qLogNoisyExpectedImprovement', () => qLogNoisyExpectedImprovement({ baseline: 1 }));
describeAcquisition('qUpperConfidenceBound', qUpperConfidenceBound);
describeAcquisition('costWeighted(logExpectedImprovement)', () =>
  costWeighted(logExpectedImprovement(), { logCost: logPrior }),
);
