import { OptimizationError } from '@foothold/core';
import { shownText } from './replies/shown-text.ts';

/** What went wrong with a call of a language model. */
export type LanguageModelFailure =
  /** No key where it was looked for. */
  | 'missing-key'
  /** The provider refuses the key, or the key may not use the model. */
  | 'unauthorized'
  /** The provider has no model of this name. */
  | 'unknown-model'
  /** The provider refuses the request itself: too long, a parameter that it does not take. */
  | 'refused'
  /** Nobody answers at the address. */
  | 'unreachable'
  /** Too many requests or tokens for the provider; `retryAfter` says how long to wait, where it does. */
  | 'rate-limited'
  /** The provider failed (5xx), or cut its answer off. */
  | 'server'
  /** The answer took longer than the time limit. */
  | 'time-limit'
  /** The answer is not what the API promises. */
  | 'invalid-reply'
  /** The answer is longer than is read. */
  | 'reply-too-long';

const retried: ReadonlySet<LanguageModelFailure> = new Set([
  'unreachable',
  'rate-limited',
  'server',
  'time-limit',
  'invalid-reply',
]);
/** The provider did no work, so that there is nothing to pay. */
const free: ReadonlySet<LanguageModelFailure> = new Set([
  'missing-key',
  'unauthorized',
  'unknown-model',
  'refused',
  'unreachable',
  'rate-limited',
]);

/**
 * A language model gave no completion. `retry` is true where the same call may succeed later. Messages have no key and no text of a
 * reply that was not made safe to show.
 */
export class LanguageModelError extends OptimizationError {
  static override readonly id: string = 'LanguageModelError';
  override readonly retry: boolean;
  readonly failure: LanguageModelFailure;
  /** Name of the model. */
  readonly model: string;
  /** HTTP status, where there was an answer. */
  readonly status?: number | undefined;
  /** Milliseconds after which the provider asks to be called again. */
  readonly retryAfter?: number | undefined;
  /** Whether the provider may have spent tokens on the call, of which it told no number. */
  readonly isPaid: boolean;
  constructor(failure: LanguageModelFailure, message: string, facts: LanguageModelErrorFacts) {
    super(`language model ${facts.model}: ${message}`);
    this.failure = failure;
    this.retry = retried.has(failure);
    this.model = facts.model;
    this.status = facts.status;
    this.retryAfter = facts.retryAfter;
    this.isPaid = facts.isPaid ?? !free.has(failure);
  }
}

export interface LanguageModelErrorFacts {
  readonly model: string;
  readonly status?: number | undefined;
  readonly retryAfter?: number | undefined;
  /** Default: by the failure. */
  readonly isPaid?: boolean | undefined;
}

/**
 * A call does not fit what is left of a budget in its worst case, so it was not made. Raise the budget, ask for fewer or shorter
 * completions, or go on without the model: do not retry.
 */
export class BudgetExceededError extends OptimizationError {
  static override readonly id: string = 'BudgetExceededError';
  /** 'tokens', or 'cost' in the currency of the prices. */
  readonly unit: 'tokens' | 'cost';
  readonly budget: number;
  /** Spent so far, and reserved for calls that run. */
  readonly spent: number;
  /** What the call may need. */
  readonly needed: number;
  constructor(
    unit: 'tokens' | 'cost',
    facts: { readonly budget: number; readonly spent: number; readonly needed: number },
  ) {
    const { budget, spent, needed } = facts;
    super(
      `the budget of ${budget} ${unit} does not allow this call: ${spent} are spent or reserved, and it may need ${needed}`,
    );
    this.unit = unit;
    this.budget = budget;
    this.spent = spent;
    this.needed = needed;
  }
}

/** A task card is not what its schema says, or contradicts the search space or the goal. Change the card: do not retry. */
export class TaskCardError extends OptimizationError {
  static override readonly id: string = 'TaskCardError';
  /** The member that is wrong, such as `hyperparameters.max_depth.high`; `card` for the card as a whole. */
  readonly field: string;
  readonly value: unknown;
  readonly allowed: string;
  constructor(field: string, value: unknown, allowed: string) {
    const text = value === undefined ? 'missing' : jsonOf(value);
    super(`task card: ${shownText(field, 200)} is ${shownText(text, 120)}, allowed is ${allowed}`);
    this.field = field;
    this.value = value;
    this.allowed = allowed;
  }
}

/** A value from outside, which may be nested too deeply for JSON, a circle, or no JSON at all. */
function jsonOf(value: unknown): string {
  try {
    return JSON.stringify(value) ?? String(value);
  } catch {
    return Array.isArray(value) ? 'a list' : `a value of type ${typeof value}`;
  }
}
