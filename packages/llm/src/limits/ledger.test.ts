import { InvalidArgumentError, seeded, type TokenUsage } from '@foothold/core';
import { describe, expect, it } from 'vitest';
import { BudgetExceededError } from '../errors.ts';
import { type LedgerOptions, type LedgerState, ledger, type Reservation } from './ledger.ts';

const prices = { input: 0.15, output: 0.6, cachedInput: 0.075 };
const usage = (promptTokens: number, completionTokens: number, cachedTokens = 0): TokenUsage => ({
  promptTokens,
  cachedTokens,
  completionTokens,
});

describe('ledger', () => {
  it('counts tokens, and money by the price of each kind', () => {
    const account = ledger({ prices });
    account.reserve(usage(1000, 500)).settle(usage(800, 100, 200));
    expect(account.state()).toEqual({
      ...{ requests: 1, promptTokens: 800, cachedTokens: 200, completionTokens: 100, excessTokens: 0 },
      cost: (600 * 0.15 + 200 * 0.075 + 100 * 0.6) / 1e6,
      reserved: { promptTokens: 0, completionTokens: 0 },
    });
  });

  it('spends a budget of tokens to the last one, and names what does not fit', () => {
    const account = ledger({ maxTokens: 100 });
    account.reserve(usage(30, 20)).settle(usage(30, 20));
    account.reserve(usage(25, 25)).settle(usage(25, 25));
    expect(account.remaining().tokens).toBe(0);
    try {
      account.reserve(usage(1, 1));
      expect.unreachable();
    } catch (error) {
      expect(error).toBeInstanceOf(BudgetExceededError);
      expect(error).toMatchObject({ unit: 'tokens', budget: 100, spent: 100, needed: 2, retry: false });
      expect((error as Error).message).toContain('100 tokens');
    }
  });

  it('spends a budget of money to the last token that it can pay', () => {
    // 1 of 1e6 tokens at 1 each is a millionth: 0.0001 pays 100.
    const account = ledger({ maxCost: 0.0001, prices: { input: 1, output: 1 } });
    account.reserve(usage(50, 50)).settle(usage(50, 50));
    expect(() => account.reserve(usage(0, 1))).toThrow(BudgetExceededError);
    expect(account.state().cost).toBe(0.0001);
  });

  it('adds up no rounding over a hundred thousand calls', () => {
    const account = ledger({ prices });
    for (let i = 0; i < 100_000; i++) account.reserve(usage(7, 3)).settle(usage(7, 3));
    expect(account.state().cost).toBe((700_000 * 0.15 + 300_000 * 0.6) / 1e6);
  });

  it.each(Array.from({ length: 50 }, (_, seed) => seed))(
    'never has more spent and reserved than its budgets, whatever providers report (seed %i)',
    (seed) => {
      const rng = seeded(`ledger ${seed}`);
      const whole = (top: number) => Math.floor(top * rng.next());
      const options: LedgerOptions = {
        maxTokens: 1 + whole(20_000),
        maxCost: 1e-6 + 0.01 * rng.next(),
        prices,
      };
      let account = ledger(options);
      let open: Reservation[] = [];
      for (let step = 0; step < 400; step++) {
        const kind = rng.next();
        if (kind < 0.5) {
          try {
            open.push(account.reserve(usage(whole(500), whole(500))));
          } catch (error) {
            expect(error).toBeInstanceOf(BudgetExceededError);
          }
        } else if (kind < 0.8) {
          const wild = rng.next() < 0.2 ? [Number.NaN, Infinity, -5, 1e9, 0.5][whole(5)]! : whole(300);
          open.pop()?.settle(usage(wild, rng.next() < 0.2 ? 1e6 : whole(300), whole(400)));
        } else if (kind < 0.95) open.shift()?.release();
        else {
          // A crash: what was reserved counts as spent from now on.
          account = ledger({ ...options, state: JSON.parse(JSON.stringify(account.state())) as LedgerState });
          open = [];
        }
        const { promptTokens, completionTokens, cachedTokens, cost, reserved } = account.state();
        const tokens = promptTokens + completionTokens + reserved.promptTokens + reserved.completionTokens;
        expect(tokens).toBeLessThanOrEqual(options.maxTokens!);
        expect(cost).toBeLessThanOrEqual(options.maxCost!);
        expect(cachedTokens).toBeLessThanOrEqual(promptTokens);
        expect(account.remaining().tokens).toBe(options.maxTokens! - tokens);
        expect(account.remaining().cost).toBeGreaterThanOrEqual(0);
      }
    },
  );

  it('counts a reply that is larger than asked as far as there is room, and says by how much it was larger', () => {
    const account = ledger({ maxTokens: 1000 });
    const other = account.reserve(usage(100, 100));
    account.reserve(usage(50, 50)).settle(usage(50, 1_000_000));
    expect(account.state()).toMatchObject({ promptTokens: 50, completionTokens: 750, excessTokens: 999_250 });
    other.settle(usage(100, 100));
    expect(account.remaining().tokens).toBe(0);
  });

  it('goes on from its state, with other prices too', () => {
    const first = ledger({ prices });
    first.reserve(usage(1e6, 0)).settle(usage(1e6, 0));
    const second = ledger({ prices: { input: 10, output: 10 }, maxCost: 1, state: first.state() });
    second.reserve(usage(1000, 0)).settle(usage(1000, 0));
    expect(second.state().cost).toBeCloseTo(0.15 + 0.01, 12);
    expect(second.state()).toMatchObject({ requests: 2, promptTokens: 1_001_000 });
  });

  it('has the prices given now for what was spent without any, and for what was reserved then', () => {
    const first = ledger();
    first.reserve(usage(1e6, 0)).settle(usage(1e6, 0));
    first.reserve(usage(1e6, 1e6));
    const options = { prices: { input: 1, output: 2 }, state: first.state() };
    expect(ledger({ ...options, maxCost: 5 }).remaining().cost).toBe(1);
    expect(() => ledger({ ...options, maxCost: 4.5 }).reserve(usage(1e6, 0))).toThrow(BudgetExceededError);
  });

  it('ends a reservation once', () => {
    const account = ledger();
    const one = account.reserve(usage(10, 10));
    one.settle(usage(5, 5));
    one.settle(usage(5, 5));
    one.release();
    expect(account.state()).toMatchObject({ requests: 1, promptTokens: 5, completionTokens: 5 });
  });

  it.each([
    [{ maxTokens: 0 }, 'maxTokens'],
    [{ maxCost: 0, prices }, 'maxCost'],
    [{ maxCost: -1, prices }, 'maxCost'],
    [{ maxTokens: Number.NaN }, 'maxTokens'],
    [{ maxCost: 1 }, 'prices'],
    [{ prices: { input: -1, output: 1 } }, 'prices.input'],
    [{ prices: { input: 1, output: Infinity } }, 'prices.output'],
    [{ state: { ...ledger().state(), promptTokens: -1 } }, 'state.promptTokens'],
    [{ state: {} as LedgerState }, 'state.requests'],
  ] as const)('refuses %j and names %s', (options, argument) => {
    expect(() => ledger(options)).toThrow(InvalidArgumentError);
    expect(() => ledger(options)).toThrow(argument);
  });
});
