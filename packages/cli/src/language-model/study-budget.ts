import type { Json, Notes, TokenUsage } from '@foothold/core';
import { type Budget, costOf, endedState, type LedgerOptions, type LedgerState, ledger } from '@foothold/llm';
import type { StudyRecord } from '@foothold/study';

/**
 * What a language model costs a study, kept with the study: each run has an entry of its own, the attribute `adviser.RUN`, so that runs
 * one after another and at the same time add up. A call is written before it is made, with its worst case, and after it with what it
 * used, in appends of this entry that no other writer comes between. So all runs together stay within the budget, and a call that was under way
 * when its run was killed counts in full.
 */
export interface StudyBudget extends Budget {
  /** Adds what was spent before there was a study. */
  add(spent: LedgerState): Promise<void>;
  /** What the log says now, of this run and of all others. */
  spent(): Promise<{ readonly own: LedgerState; readonly others: LedgerState }>;
}

export interface StudyBudgetOptions extends Omit<LedgerOptions, 'state'> {
  /** Names the entry of this run. */
  readonly run: string;
}

const attribute = 'adviser';
const entryOf = (run: string) => `${attribute}.${run}`;

const nothing: LedgerState = {
  ...{ requests: 0, promptTokens: 0, cachedTokens: 0, completionTokens: 0, cost: 0, excessTokens: 0 },
  reserved: { promptTokens: 0, completionTokens: 0 },
};

/**
 * The budget of a study; nothing is read or written before its first call. That throws StorageError where there is no study yet. Throws
 * InvalidArgumentError as `ledger` does.
 */
export function studyBudget(record: StudyRecord, { run, ...limits }: StudyBudgetOptions): StudyBudget {
  const { prices } = limits;
  ledger(limits);
  const partsOf = (now: Notes) => {
    const { [entryOf(run)]: own = nothing, ...foreign } = entriesOf(now);
    const others = Object.values(foreign)
      .map((entry) => endedState(entry, prices))
      .reduce(sum, nothing);
    return { own, others };
  };
  /** Replaces the entry of this run by what follows from it and from what all others have spent. */
  const change = (next: (own: LedgerState, others: LedgerState) => LedgerState) =>
    record.note((now) => {
      const { own, others } = partsOf(now);
      return { attributes: { [entryOf(run)]: next(own, others) as unknown as Json } };
    });
  return {
    async reserve(worst) {
      await change((own, others) => {
        ledger({ ...limits, state: sum(others, endedState(own, prices)) }).reserve(worst);
        return withReserved(own, worst, 1);
      });
      return {
        settle: (usage) =>
          change((own, others) => {
            const left = withReserved(own, worst, -1);
            return settled(left, {
              usage,
              worst,
              prices,
              limits,
              before: sum(others, endedState(left, prices)),
            });
          }),
        release: () => change((own) => withReserved(own, worst, -1)),
      };
    },
    add: (spent) => change((own) => ({ ...sum(own, spent), reserved: own.reserved })),
    async spent() {
      const { own, others } = partsOf(await record.state());
      return { own: endedState(own, prices), others };
    },
  };
}

interface Settled {
  readonly usage: TokenUsage;
  readonly worst: TokenUsage;
  readonly prices: LedgerOptions['prices'];
  readonly limits: Omit<LedgerOptions, 'state'>;
  /** What is spent or reserved beside this call. */
  readonly before: LedgerState;
}

/** The entry after a call. It counts whole where it is within its worst case, and beyond that as far as the budget has room. */
function settled(own: LedgerState, { usage, worst, prices, limits, before }: Settled): LedgerState {
  const { maxTokens = Infinity, maxCost = Infinity } = limits;
  // A run with a larger budget may have left less room than was reserved here.
  const account = ledger({
    ...(prices && { prices }),
    maxTokens: Math.max(maxTokens, tokensOf(before) + tokensOf(worst)),
    ...(prices && { maxCost: Math.max(maxCost, before.cost + costOf(worst, prices)) }),
    state: before,
  });
  account.reserve(worst).settle(usage);
  const after = account.state();
  const made = (of: Exclude<keyof LedgerState, 'reserved' | 'cost'>) => own[of] + after[of] - before[of];
  const spent = {
    promptTokens: made('promptTokens'),
    cachedTokens: made('cachedTokens'),
    completionTokens: made('completionTokens'),
  };
  return {
    ...spent,
    requests: made('requests'),
    // From whole numbers, so that no rounding adds up.
    cost: prices ? costOf(spent, prices) : own.cost,
    excessTokens: made('excessTokens'),
    reserved: own.reserved,
  };
}

const tokensOf = ({ promptTokens, completionTokens }: TokenUsage) => promptTokens + completionTokens;

function withReserved(entry: LedgerState, worst: TokenUsage, sign: 1 | -1): LedgerState {
  const of = (name: 'promptTokens' | 'completionTokens') =>
    Math.max(entry.reserved[name] + sign * worst[name], 0);
  return {
    ...entry,
    reserved: { promptTokens: of('promptTokens'), completionTokens: of('completionTokens') },
  };
}

/** The entries by their attributes, those that are such: anybody may write an attribute. */
function entriesOf({ attributes = {} }: Notes): Readonly<Record<string, LedgerState>> {
  const { [attribute]: together, ...single } = attributes;
  // Logs from before 2026-11-30 have the entries of all runs in one attribute.
  const isObject = typeof together === 'object' && together !== null && !Array.isArray(together);
  const earlier = isObject
    ? Object.entries(together).map(([run, entry]) => [entryOf(run), entry] as const)
    : [];
  const own = Object.entries(single).filter(([name]) => name.startsWith(entryOf('')));
  return Object.fromEntries(
    [...earlier, ...own].flatMap(([name, entry]) => (isEntry(entry) ? [[name, entry]] : [])),
  );
}

function isEntry(entry: unknown): entry is LedgerState {
  const { reserved, ...numbers } = { ...(entry as Partial<LedgerState> | null) };
  const { requests, promptTokens, cachedTokens, completionTokens, cost, excessTokens } = numbers;
  return [
    ...[requests, promptTokens, cachedTokens, completionTokens, cost, excessTokens],
    ...[reserved?.promptTokens, reserved?.completionTokens],
  ].every((value) => typeof value === 'number' && Number.isFinite(value) && value >= 0);
}

/** Of entries without reservations. */
function sum(a: LedgerState, b: LedgerState): LedgerState {
  return {
    requests: a.requests + b.requests,
    promptTokens: a.promptTokens + b.promptTokens,
    cachedTokens: a.cachedTokens + b.cachedTokens,
    completionTokens: a.completionTokens + b.completionTokens,
    cost: a.cost + b.cost,
    excessTokens: a.excessTokens + b.excessTokens,
    reserved: nothing.reserved,
  };
}
