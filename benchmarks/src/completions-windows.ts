/** A request as a provider saw it. */
export interface Arrival {
  /** Milliseconds. */
  readonly at: number;
  /** Of the prompt and of all completions. */
  readonly tokens: number;
}

/** The most requests, and the most tokens, in any half-open window of so many milliseconds. Windows that begin with a request suffice. */
export function fullestWindow(
  arrivals: readonly Arrival[],
  window: number,
): { readonly requests: number; readonly tokens: number } {
  const inOrder = [...arrivals].sort((a, b) => a.at - b.at);
  const fullest = { requests: 0, tokens: 0 };
  let end = 0;
  let tokens = 0;
  inOrder.forEach((first, begin) => {
    for (; end < inOrder.length && inOrder[end]!.at < first.at + window; end++)
      tokens += inOrder[end]!.tokens;
    fullest.requests = Math.max(fullest.requests, end - begin);
    fullest.tokens = Math.max(fullest.tokens, tokens);
    tokens -= first.tokens;
  });
  return fullest;
}
