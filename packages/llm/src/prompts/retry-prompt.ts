export interface RetryPrompt {
  /** The prompt that was answered. */
  readonly prompt: string;
  /** Why parts of the answer were dropped, in words that are safe to show. */
  readonly reasons: readonly string[];
  /** Configurations that were kept, one a line. */
  readonly kept: readonly string[];
  /** How many are missing. */
  readonly count: number;
}

/** Asks once more, with what was wrong with the first answer. */
export function retryPrompt({ prompt, reasons, kept, count }: RetryPrompt): string {
  const wrong =
    reasons.length === 0
      ? 'A first answer had no configuration in the form above.'
      : `A first answer had configurations that cannot be used:\n${list(reasons)}`;
  const known = kept.length === 0 ? '' : `\nThese are known already:\n${list(kept)}`;
  return `${prompt}

${wrong}${known}
Propose ${count} other ${count === 1 ? 'configuration' : 'configurations'} in the same form.`;
}

const list = (lines: readonly string[]): string => lines.map((line) => `- ${line}`).join('\n');
