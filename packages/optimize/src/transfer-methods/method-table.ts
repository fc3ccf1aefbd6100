import { portfolioPoints } from './portfolio-points.ts';

interface MethodEntry {
  /** What it does, in a few words. */
  readonly summary: string;
  /** True where `gated` is the user's choice; methods with a weight of their own for sources that do not help refuse it. */
  readonly takesGate: boolean;
}

/**
 * Every transfer method by its name, without its code (`transfer-sampler.ts` has that). Types, messages, the
 * command's help and the tests take the names from here.
 */
export const methodTable = {
  auto: {
    summary: 'all of it, weighted by the evidence',
    takesGate: false,
  },
  portfolio: {
    summary: `${portfolioPoints} trials that were good on the sources, then the plain model`,
    takesGate: false,
  },
  'empirical-prior': {
    summary: "the sources' own mean and covariance as the prior",
    takesGate: true,
  },
  residual: {
    summary: "what the sources' mean leaves over",
    takesGate: true,
  },
  'ranking-weighted': {
    summary: 'models weighted by how they order the trials (RGPE)',
    takesGate: true,
  },
  'two-stage': {
    summary: 'models weighted by discordant pairs (TST-R)',
    takesGate: true,
  },
  'multi-task': {
    summary: 'one process over all tasks, correlations learned',
    takesGate: true,
  },
  quantile: {
    summary: 'one process over the normal scores of all sources',
    takesGate: true,
  },
} as const satisfies Readonly<Record<string, MethodEntry>>;
