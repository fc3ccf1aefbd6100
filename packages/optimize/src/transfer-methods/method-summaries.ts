import type { methodTable } from './method-table.ts';
import { portfolioPoints } from './portfolio-points.ts';

/** What each transfer method does, in a few words. */
export const methodSummaries: Readonly<Record<keyof typeof methodTable, string>> = {
  auto: 'all of it, weighted by the evidence',
  portfolio: `${portfolioPoints} trials that were good on the sources, then the plain model`,
  'empirical-prior': "the sources' own mean and covariance as the prior",
  residual: "what the sources' mean leaves over",
  'ranking-weighted': 'models weighted by how they order the trials (RGPE)',
  'two-stage': 'models weighted by discordant pairs (TST-R)',
  'multi-task': 'one process over all tasks, correlations learned',
  quantile: 'one process over the normal scores of all sources',
};
