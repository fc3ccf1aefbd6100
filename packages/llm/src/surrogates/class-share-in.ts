import type { TokenLogProbability } from '@foothold/core';
import { spokenRange } from '../replies/spoken-part.ts';

/** A digit 0 or 1 that is no part of a number or a word, and numbers no item of a list. */
const lone = /(?<![\w.,+\-−])[01](?![\w%]|[.,]\d|\s%|[.)]\s+\S)/g;

/**
 * p(1)/(p(0) + p(1)) at the first token of the answer that is one of them, by itself and behind all thoughts; undefined where
 * there is none.
 */
export function classShareIn(tokens: readonly TokenLogProbability[]): number | undefined {
  const text = tokens.map(({ token }) => token).join('');
  const { start, end } = spokenRange(text);
  let from = 0;
  let i = 0;
  for (const { index } of text.slice(0, end).matchAll(lone)) {
    if (index < start) continue;
    for (; from + tokens[i]!.token.length <= index; i++) from += tokens[i]!.token.length;
    if (tokens[i]!.token.trim() === text[index]) return shareAt(tokens[i]!);
  }
  return undefined;
}

function shareAt(chosen: TokenLogProbability): number | undefined {
  const [zero, one] = [weightOf(chosen, '0'), weightOf(chosen, '1')];
  if (!(zero + one > 0)) return undefined;
  // Without alternatives, what the chosen digit leaves is all that the other one can have.
  if (chosen.alternatives.every(({ token }) => token === chosen.token))
    return chosen.token.trim() === '1' ? one : 1 - zero;
  return one / (zero + one);
}

/** Probability of all forms of the digit among the chosen token and its alternatives. */
function weightOf(
  { token, logProbability, alternatives: others }: TokenLogProbability,
  digit: string,
): number {
  const forms = new Map(others.map((other) => [other.token, other.logProbability]));
  forms.set(token, logProbability);
  let sum = 0;
  for (const [form, log] of forms) if (form.trim() === digit && log <= 0) sum += Math.exp(log);
  return sum;
}
