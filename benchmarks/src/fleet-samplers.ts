import { type StudyEvent, seeded } from '@foothold/core';
import { wasm } from '@foothold/linalg';
import { samplerNamed } from '@foothold/protocol';
import { suggestionsOfLog } from '@foothold/study';
import type { BenchOptions } from './bench-options.ts';
import { objective, space } from './studies-problem.ts';

const names = ['random', 'sobol', 'tpe', 'trust-region', 'gp'] as const;
/** Asks that are measured: so many, or for so long. */
const maxAsks = 50;
const maxMs = 2000;
/** A sampler that took longer for a suggestion is not measured with more trials. */
const tooLongMs = 1000;

/** Milliseconds of the processor for a suggestion of each sampler, by the number of trials that the study has. */
export async function samplerTimes({
  quick,
  emit,
}: BenchOptions): Promise<Readonly<Record<string, unknown>>> {
  const counts = quick ? [100, 1000] : [100, 1000, 10_000, 100_000];
  const summary: Record<string, Record<string, number>> = {};
  for (const sampler of names) {
    summary[sampler] = {};
    for (const trials of counts) {
      const ms = await suggestionMs(sampler, trials);
      summary[sampler][trials] = ms;
      emit({ bench: 'fleet', part: 'samplers', sampler, trials, msPerSuggestion: ms });
      if (ms > tooLongMs) break;
    }
  }
  return summary;
}

/** The mean of some asks, each of which is told before the next one; the first, in which engine and model warm up, is not counted. */
async function suggestionMs(name: string, trials: number): Promise<number> {
  const sampler = await samplerNamed(name, { sources: [], linalg: wasm });
  const of = suggestionsOfLog({ space, sampler, direction: 'minimize' });
  of.apply(logOf(trials));
  let [measured, total] = [0, 0];
  let prefix = 1 + trials;
  for (let number = trials; measured < maxAsks && total < maxMs; number++) {
    const before = process.threadCpuUsage();
    const { suggestions } = await of.suggest({ prefix });
    const { user, system } = process.threadCpuUsage(before);
    if (number > trials) {
      measured++;
      total += (user + system) / 1000;
    }
    const { params } = suggestions[0]!;
    of.apply([
      { type: 'asked', number, params, lease: { owner: 'a' } },
      { type: 'told', number, outcome: { state: 'complete', value: objective(params) } },
    ]);
    prefix += 2;
  }
  return total / measured;
}

/** The log of a study with so many trials at random points. */
function logOf(trials: number): readonly StudyEvent[] {
  const rng = seeded(3);
  const created = {
    ...{ type: 'created', direction: 'minimize', goal: { direction: 'minimize' }, seed: 1 },
    space: space.description,
  } as unknown as StudyEvent;
  const loaded = Array.from({ length: trials }, (_, number): StudyEvent => {
    const params = space.decode(Float64Array.from(space.columns, () => rng.next()));
    return { type: 'loaded', number, params, outcome: { state: 'complete', value: objective(params) } };
  });
  return [created, ...loaded];
}
