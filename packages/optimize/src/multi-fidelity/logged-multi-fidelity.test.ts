import { logKnowledgeGradient } from '@foothold/acquisitions';
import { type StudyEvent, UnsupportedError } from '@foothold/core';
import { logUniform, searchSpace, uniform } from '@foothold/space';
import { type ReplayedSuggestion, replaySuggestions } from '@foothold/study';
import { describe, expect, it } from 'vitest';
import { learningRateShift } from '../learning-rate-shift.ts';
import { type LoggedMultiFidelityOptions, loggedMultiFidelity } from './logged-multi-fidelity.ts';
import { multiFidelity } from './multi-fidelity.ts';
import type { MultiFidelityOptions } from './multi-fidelity-options.ts';

const space = searchSpace({ lr: logUniform(1e-5, 1e-1), dropout: uniform(0, 0.9) });
type P = ReturnType<typeof space.decode>;
const lossOf = (p: P, fidelity: number) =>
  (Math.log10(p.lr) + 1.8 - 0.5 / fidelity) ** 2 + (p.dropout - 0.7) ** 2 + 1 / fidelity;
const options: MultiFidelityOptions<P> = {
  space,
  fidelities: [{ fidelity: 1 }, { fidelity: 3 }, { fidelity: 9 }],
  evaluate: (p, { fidelity }) => lossOf(p, fidelity),
  budget: 60,
};

async function logOf(more: Partial<MultiFidelityOptions<P>> = {}): Promise<readonly StudyEvent[]> {
  const { study } = await multiFidelity({ ...options, ...more });
  return study.log();
}

async function replayed(
  events: readonly StudyEvent[],
  given: LoggedMultiFidelityOptions & { readonly budget?: number } = {},
): Promise<readonly ReplayedSuggestion[]> {
  const { space: of, sampler } = loggedMultiFidelity(given);
  const program = (events.find(({ type }) => type === 'configured') as { program?: string }).program;
  const all: ReplayedSuggestion[] = [];
  const suggestions = replaySuggestions({
    ...{ events, space: of, program },
    sampler: (configured, domain) => {
      const { budget = (configured!.options as { budget: number }).budget } = given;
      const changed = { ...(configured!.options as object), budget };
      return sampler({ ...configured, options: changed }, domain);
    },
  });
  for await (const one of suggestions) all.push(one);
  return all;
}

const differing = (all: readonly ReplayedSuggestion[]) => all.filter(({ cause }) => cause);

describe('the log of multiFidelity', () => {
  let seconds = 0;
  const shift = (fromWidth: number) => learningRateShift({ parameter: 'lr', fromWidth, toWidth: 9 });
  it.each<readonly [string, Partial<MultiFidelityOptions<P>>]>([
    ['the default options', {}],
    [
      'options of every kind',
      {
        fidelities: [
          { fidelity: 1, name: 'small', cost: 2, shift: shift(1) },
          { fidelity: 3, cost: 4, shift: shift(3) },
          { fidelity: 9 },
        ],
        fidelityName: 'width',
        initialTrials: 4,
        direction: 'maximize',
        evaluate: (p, { fidelity }) => -lossOf(p, fidelity),
      },
    ],
    [
      'measured costs',
      {
        costs: 'measured',
        clock: () => 1000 * seconds,
        evaluate: (p, { fidelity }) => {
          seconds += fidelity * (1 + p.dropout);
          return lossOf(p, fidelity);
        },
      },
    ],
    [
      'failures, and several evaluations at a time',
      {
        concurrency: 3,
        evaluate: async (p, { fidelity, number }) => {
          await new Promise((done) => setTimeout(done, (number * 7) % 5));
          if (number % 6 === 5) throw new Error('diverged');
          return lossOf(p, fidelity);
        },
      },
    ],
  ])(
    'has what makes each suggestion again, its fidelity too: with %s',
    { timeout: 60_000 },
    async (_, more) => {
      const events = await logOf(more);
      const all = await replayed(events);
      expect(differing(all)).toEqual([]);
      expect(all.length).toBeGreaterThan(6);
      const fidelities = new Set(all.map(({ suggested }) => suggested?.[more.fidelityName ?? 'fidelity']));
      expect(fidelities.size).toBeGreaterThan(1);
    },
  );

  it('names another option and a parameter that was changed', async () => {
    const events = await logOf();
    const other = differing(await replayed(events, { budget: 12 }));
    expect(other.length).toBeGreaterThan(0);
    expect(other[0]!.cause).toEqual({ kind: 'options', text: 'option budget was 60, now 12' });
    const at = events.findLastIndex(({ type }) => type === 'asked');
    const changed = events.map((event, i) =>
      i === at && event.type === 'asked' ? { ...event, params: { ...event.params, fidelity: 3 } } : event,
    );
    expect(differing(await replayed(changed))).toMatchObject([
      { event: at, recorded: { fidelity: 3 }, suggested: { fidelity: 9 }, cause: { kind: 'unknown' } },
    ]);
  });

  it('needs the acquisition that the run had', async () => {
    const acquisition = logKnowledgeGradient({ targets: 4 });
    const events = await logOf({ acquisition, budget: 30 });
    await expect(replayed(events)).rejects.toThrow(
      'does not support the acquisition logKnowledgeGradient: its own program has it',
    );
    expect(differing(await replayed(events, { acquisition }))).toEqual([]);
  });

  it('of an earlier version is refused with the reason', async () => {
    const events = (await logOf({ budget: 12 })).map(
      (event): StudyEvent =>
        event.type === 'configured'
          ? { ...event, sampler: { name: 'multi-fidelity', options: { fidelity: 'fidelity' } } }
          : event,
    );
    await expect(replayed(events)).rejects.toThrow(UnsupportedError);
    await expect(replayed(events)).rejects.toThrow('an earlier version wrote it');
  });
});
