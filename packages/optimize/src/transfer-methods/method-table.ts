interface MethodEntry {
  /** True where `gated` is the user's choice; methods with a weight of their own for sources that do not help refuse it. */
  readonly takesGate: boolean;
}

/**
 * Every transfer method by its name, without its code (`transfer-sampler.ts` has that). Types, messages, the
 * command's help and the tests take the names from here.
 */
export const methodTable = {
  auto: { takesGate: false },
  portfolio: { takesGate: false },
  'empirical-prior': { takesGate: true },
  residual: { takesGate: true },
  'ranking-weighted': { takesGate: true },
  'two-stage': { takesGate: true },
  'multi-task': { takesGate: true },
  quantile: { takesGate: true },
} as const satisfies Readonly<Record<string, MethodEntry>>;
