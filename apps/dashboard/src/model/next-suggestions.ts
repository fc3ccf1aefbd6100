import {
  type Goal,
  type Json,
  type Params,
  type SpaceDescription,
  StorageError,
  type StudyEvent,
} from '@foothold/core';
import { samplerOfLog } from '@foothold/protocol';
import { spaceOf } from '@foothold/space';
import { type ConfiguredSampler, createStudy, memoryStorage, replay } from '@foothold/study';

/** Parameters that a study would ask for next. */
export interface NextSuggestion {
  readonly number: number;
  readonly params: Params;
  /** `queue`: they were enqueued; `again`: a trial that lost its worker; `sampler`: chosen now. */
  readonly from: 'queue' | 'again' | 'sampler';
}

export interface NextSuggestions {
  readonly suggestions: readonly NextSuggestion[];
  /** Name of the sampler. */
  readonly sampler: string;
  /** Earlier studies that the sampler would start from and the log does not hold: the suggestions are without them. */
  readonly withoutSources: number;
}

/** Options of the default sampler that concern earlier studies. */
const ofSources = ['transfer', 'method', 'gated', 'metaFeatures'];

/**
 * What the study's own sampler would give the next `count` asks, one after the other, none of them told: on a copy of the log in
 * memory, with the study's seed. Nothing is written.
 *
 * Throws UnsupportedError for a sampler that only a program can make, and what an ask throws.
 */
export async function nextSuggestions(
  events: readonly StudyEvent[],
  count: number,
): Promise<NextSuggestions> {
  const state = replay(events);
  if (!state.space || !state.goal) throw new StorageError('the log does not describe the space of the study');
  const { configured, withoutSources } = configuredWithoutSources(state.configured?.sampler);
  const study = await copyOf(events, {
    space: state.space,
    goal: state.goal,
    sampler: samplerOfLog(configured, { sources: [], by: 'this page', advice: '' }),
    plannedTrials: configured?.plannedTrials,
  });
  const suggestions: NextSuggestion[] = [];
  for (let k = 0; k < count; k++) {
    const { number, params } = await study.ask();
    const asked = (await study.log()).findLast(
      (event) => event.type === 'asked' && event.number === number,
    ) as Extract<StudyEvent, { readonly type: 'asked' }>;
    const from = number < state.count ? 'again' : asked.queued === true ? 'queue' : 'sampler';
    suggestions.push({ number, params, from });
  }
  return { suggestions, sampler: configured?.name ?? 'auto', withoutSources };
}

async function copyOf(
  events: readonly StudyEvent[],
  {
    space,
    goal,
    sampler,
    plannedTrials,
  }: {
    readonly space: SpaceDescription;
    readonly goal: Goal;
    readonly sampler: ReturnType<typeof samplerOfLog>;
    readonly plannedTrials: number | undefined;
  },
) {
  const storage = memoryStorage();
  await storage.append('copy', 0, events);
  return createStudy({
    ...goal,
    ...{ space: spaceOf(space), sampler, storage, name: 'copy', trials: plannedTrials },
    // The workers of the running trials are taken to be there: their trials are not given out again.
    lease: { owner: 'page', alive: () => true },
  });
}

function configuredWithoutSources(sampler: Json | undefined) {
  const configured =
    typeof sampler === 'object' && sampler !== null && !Array.isArray(sampler)
      ? (sampler as ConfiguredSampler)
      : undefined;
  const options = (configured?.options ?? {}) as Readonly<Record<string, Json>>;
  const sources = options['transfer'];
  if (!configured || !Array.isArray(sources)) return { configured, withoutSources: 0 };
  const kept = Object.fromEntries(Object.entries(options).filter(([name]) => !ofSources.includes(name)));
  return { configured: { ...configured, options: kept }, withoutSources: sources.length };
}
