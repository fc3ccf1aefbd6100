import { InvalidArgumentError, type TokenUsage } from '@foothold/core';
import { BudgetExceededError } from '../errors.ts';
import { positive } from '../positive.ts';
import { checkedPrices, costOf, type Prices } from './prices.ts';

/** What a study has spent, as JSON: kept with the study, and given back as `state` when it goes on. */
export interface LedgerState {
  /** Requests that were made. */
  readonly requests: number;
  readonly promptTokens: number;
  readonly cachedTokens: number;
  readonly completionTokens: number;
  /** In the currency of the prices; 0 without prices. Where prices are given later, they count for these tokens too. */
  readonly cost: number;
  /** Tokens that providers reported beyond the budget, which no budget can take back. */
  readonly excessTokens: number;
  /** Worst case of the calls that run. A ledger that goes on from here counts it as spent: nobody knows how they ended. */
  readonly reserved: TokenUsage;
}

export interface LedgerOptions {
  /** Most tokens of the study, those of prompts and completions together. Default: no limit. */
  readonly maxTokens?: number | undefined;
  /** Most money of the study, in the currency of `prices`, which it needs. Default: no limit. */
  readonly maxCost?: number | undefined;
  readonly prices?: Prices | undefined;
  /** State of an earlier run, whose spending counts. */
  readonly state?: LedgerState | undefined;
}

/** The tokens and the money of a study, and its budget, which is never exceeded: spent and reserved together fit it at any time. */
export interface Ledger {
  /** Sets the worst case of a request aside. Throws BudgetExceededError where it does not fit what is left. */
  reserve(worst: TokenUsage): Reservation;
  state(): LedgerState;
  /** What is left of each budget, Infinity without one. */
  remaining(): { readonly tokens: number; readonly cost: number };
}

/** Ended exactly once; a second end is ignored. */
export interface Reservation {
  /**
   * The request used these. More than reserved is counted as far as the budget has room beside the other reservations; the rest
   * becomes `excessTokens`.
   */
  settle(usage: TokenUsage): void;
  /** The request was not made, or the provider did no work. */
  release(): void;
}

/**
 * A ledger with these budgets. Throws InvalidArgumentError for a budget that is not above 0, prices below 0, `maxCost` without
 * prices, and a state that is none.
 */
export function ledger(options: LedgerOptions = {}): Ledger {
  const { maxTokens = Infinity, maxCost = Infinity, state: earlier } = options;
  if (options.maxTokens !== undefined) positive('maxTokens', maxTokens);
  if (options.maxCost !== undefined) positive('maxCost', maxCost);
  const prices = options.prices && checkedPrices(options.prices);
  if (options.maxCost !== undefined && !prices)
    throw new InvalidArgumentError(
      'prices',
      undefined,
      'the prices of the model, for maxCost to have a meaning',
    );
  return openLedger({ maxTokens, maxCost, prices }, earlier && checkedState(earlier));
}

interface Budgets {
  readonly maxTokens: number;
  readonly maxCost: number;
  readonly prices: Prices | undefined;
}

const nothing = { promptTokens: 0, cachedTokens: 0, completionTokens: 0 };

function openLedger(budgets: Budgets, earlier: LedgerState | undefined): Ledger {
  const account = accountOf(budgets, earlier);
  const { maxTokens, maxCost } = budgets;
  return {
    reserve(worst) {
      const now = account.taken();
      const then = account.taken(worst);
      const needed = { tokens: worst.promptTokens + worst.completionTokens, cost: account.price(worst) };
      if (then.tokens > maxTokens)
        throw new BudgetExceededError('tokens', {
          budget: maxTokens,
          spent: now.tokens,
          needed: needed.tokens,
        });
      if (then.cost > maxCost)
        throw new BudgetExceededError('cost', { budget: maxCost, spent: now.cost, needed: needed.cost });
      const held = { ...worst };
      account.open.add(held);
      return {
        settle(usage) {
          if (account.open.delete(held)) account.settle(usage);
        },
        release() {
          account.open.delete(held);
        },
      };
    },
    state: () => account.state(),
    remaining() {
      const { tokens, cost } = account.taken();
      return { tokens: maxTokens - tokens, cost: maxCost - cost };
    },
  };
}

/** What is spent and reserved. The cost follows from whole numbers of tokens, so that no rounding adds up over many calls. */
function accountOf({ maxTokens, maxCost, prices }: Budgets, earlier: LedgerState | undefined) {
  let spent = { ...nothing };
  let requests = earlier?.requests ?? 0;
  let excessTokens = earlier?.excessTokens ?? 0;
  const before = earlier ? endedState(earlier, prices) : { ...nothing, cost: 0 };
  const open = new Set<TokenUsage>();
  const price = (usage: TokenUsage) => (prices ? costOf(usage, prices) : 0);
  const reserved = () => [...open].reduce(sum, nothing);
  const taken = (more: TokenUsage = nothing) => {
    const all = sum(sum(spent, reserved()), more);
    return {
      tokens: before.promptTokens + before.completionTokens + all.promptTokens + all.completionTokens,
      cost: before.cost + price(all),
    };
  };
  const fits = (more: TokenUsage) => {
    const { tokens, cost } = taken(more);
    return tokens <= maxTokens && cost <= maxCost;
  };
  return {
    /** The reservations that have not ended. */
    open,
    price,
    /** Tokens and cost of all that is spent and reserved, and of `more`. */
    taken,
    settle(usage: TokenUsage): void {
      const counted = largestFitting(wholeUsage(usage), fits);
      requests++;
      excessTokens += counted.excess;
      spent = sum(spent, counted.usage);
    },
    state(): LedgerState {
      const { promptTokens, cachedTokens, completionTokens } = sum(before, spent);
      const { promptTokens: prompt, completionTokens: completion } = reserved();
      return {
        ...{ requests, promptTokens, cachedTokens, completionTokens },
        ...{ cost: before.cost + price(spent), excessTokens },
        reserved: { promptTokens: prompt, completionTokens: completion },
      };
    },
  };
}

function sum(a: TokenUsage, b: TokenUsage) {
  return {
    promptTokens: a.promptTokens + b.promptTokens,
    cachedTokens: (a.cachedTokens ?? 0) + (b.cachedTokens ?? 0),
    completionTokens: a.completionTokens + b.completionTokens,
  };
}

type WholeUsage = { readonly [K in keyof Required<TokenUsage>]: number };

/** What a provider reports, as whole numbers from 0: it may be anything. */
function wholeUsage({ promptTokens, cachedTokens = 0, completionTokens }: TokenUsage): WholeUsage {
  const whole = (value: unknown) =>
    typeof value === 'number' && value > 0 ? Math.min(Math.ceil(value), Number.MAX_SAFE_INTEGER / 4) : 0;
  const prompt = whole(promptTokens);
  return {
    promptTokens: prompt,
    cachedTokens: Math.min(whole(cachedTokens), prompt),
    completionTokens: whole(completionTokens),
  };
}

/** As much of this usage as fits, tokens of the completion cut first; `excess` is the number of tokens that do not. */
function largestFitting(usage: WholeUsage, fits: (usage: TokenUsage) => boolean) {
  if (fits(usage)) return { usage, excess: 0 };
  const completionTokens = largestWhole(usage.completionTokens, (n) =>
    fits({ ...usage, completionTokens: n }),
  );
  // Tokens from the provider's cache are the cheapest, so they are kept longest.
  const promptTokens = fits({ ...usage, completionTokens })
    ? usage.promptTokens
    : largestWhole(usage.promptTokens, (n) =>
        fits({ promptTokens: n, cachedTokens: Math.min(usage.cachedTokens, n), completionTokens }),
      );
  const cachedTokens = Math.min(usage.cachedTokens, promptTokens);
  const excess = usage.promptTokens + usage.completionTokens - promptTokens - completionTokens;
  return { usage: { promptTokens, cachedTokens, completionTokens }, excess };
}

/** The largest whole number from 0 to `top` that fits, where smaller ones do too; 0 where none does. */
function largestWhole(top: number, fits: (n: number) => boolean): number {
  let low = 0;
  let high = top;
  while (low < high) {
    const middle = low + Math.ceil((high - low) / 2);
    if (fits(middle)) low = middle;
    else high = middle - 1;
  }
  return low;
}

/**
 * The state of a run that has ended: what was set aside for its calls counts as spent, since nobody knows how they ended, and tokens that
 * had no prices have these.
 */
export function endedState(state: LedgerState, prices: Prices | undefined): LedgerState {
  const { reserved } = state;
  const whole = { ...state, ...sum(state, reserved), reserved: { promptTokens: 0, completionTokens: 0 } };
  if (!prices) return whole;
  return { ...whole, cost: state.cost > 0 ? state.cost + costOf(reserved, prices) : costOf(whole, prices) };
}

function checkedState(state: LedgerState): LedgerState {
  const numbers = {
    requests: state.requests,
    promptTokens: state.promptTokens,
    cachedTokens: state.cachedTokens,
    completionTokens: state.completionTokens,
    cost: state.cost,
    excessTokens: state.excessTokens,
    'reserved.promptTokens': state.reserved?.promptTokens,
    'reserved.completionTokens': state.reserved?.completionTokens,
  };
  for (const [name, value] of Object.entries(numbers))
    if (!(Number.isFinite(value) && value >= 0))
      throw new InvalidArgumentError(`state.${name}`, value, 'a number from 0');
  return state;
}
