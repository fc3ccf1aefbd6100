import type { TransferMethod } from './transfer-options.ts';

/** Points of a portfolio before the plain model: five of them, then a Gaussian process, are hard to beat. */
export const portfolioPoints = 5;

/** Each method's name with what it does, in a few words. */
export const transferMethods: Readonly<Record<TransferMethod, string>> = {
  auto: 'all of it, weighted by the evidence',
  portfolio: `${portfolioPoints} trials that were good on the sources, then the plain model`,
  'empirical-prior': "the sources' own mean and covariance as the prior",
  residual: "what the sources' mean leaves over",
  'ranking-weighted': 'models weighted by how they order the trials (RGPE)',
  'two-stage': 'models weighted by discordant pairs (TST-R)',
  'multi-task': 'one process over all tasks, correlations learned',
  quantile: 'one process over the normal scores of all sources',
};

/** Methods with a weight of their own for sources that do not help, which therefore refuse `gated`. */
const ungated: ReadonlySet<TransferMethod> = new Set(['auto', 'portfolio']);

/** True where `gated` is the user's choice. */
export function takesGate(method: TransferMethod): boolean {
  return !ungated.has(method);
}
