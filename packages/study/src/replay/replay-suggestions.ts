import {
  type Awaitable,
  type Goal,
  type Json,
  OptimizationError,
  type Params,
  type ProgramState,
  type Sampler,
  type SearchSpace,
  type SpaceDescription,
  StorageError,
  type StudyEvent,
  UnsupportedError,
} from '@foothold/core';
import { type Configuration, configurationOf } from '../ask/configuration.ts';
import { isSampled } from '../ask/suggested.ts';
import {
  type SuggestionBatch,
  type SuggestionRequest,
  suggestion,
  suggestionBatch,
} from '../ask/suggestion.ts';
import { canonical } from '../log/canonical.ts';
import { nameOf } from '../refuse-unsupported.ts';
import { logFold } from '../state/replay.ts';
import type { StudyState } from '../state/study-state.ts';
import { type DifferenceCause, firstDifference } from './replay-difference.ts';

type Asked = Extract<StudyEvent, { readonly type: 'asked' }>;

export interface ReplayOptions<P extends Params = Params> {
  /** The log of the study, from its first event on: `study.log()`. */
  readonly events: readonly StudyEvent[];
  /**
   * The space, or what makes it of a description in the log and the last `configured` event before a suggestion; needed where the
   * log has an edited space.
   */
  readonly space:
    | SearchSpace<P>
    | ((description: SpaceDescription, configured: ConfiguredSampler | undefined) => SearchSpace<P>);
  /** The sampler, or what makes it of the last `configured` event before a suggestion, for this space. */
  readonly sampler:
    | Sampler
    | ((configured: ConfiguredSampler | undefined, space: SearchSpace<P>) => Awaitable<Sampler>);
  /** The program that replays, with its version, as `program` of a study. */
  readonly program?: string | undefined;
  readonly signal?: AbortSignal | undefined;
}

/** What a log says of the sampler that made a suggestion. */
export interface ConfiguredSampler {
  readonly name?: string;
  readonly options?: Json;
  readonly plannedTrials?: number;
}

/** One suggestion of the log beside the one that is made now. */
export interface ReplayedSuggestion<P extends Params = Params> {
  /** Number of the trial. */
  readonly number: number;
  /** Position of its event in the log. */
  readonly event: number;
  readonly recorded: P;
  /** Absent where none could be made; `cause` says why. */
  readonly suggested?: P;
  /** The first reason for a difference; absent where both are equal to the last bit. */
  readonly cause?: DifferenceCause;
}

/** How many suggestions of its sampler a log has: what `replaySuggestions` makes again. */
export function countSuggestions(events: readonly StudyEvent[]): number {
  return suggestionsIn(events).length;
}

/**
 * Every suggestion that the sampler of a log made, beside what the sampler makes now of the same events, in the order in which the
 * samplers were called. Trials that were loaded, or that came whole from the queue, are no suggestions.
 *
 * Throws StorageError for a log that no study can have written or that does not describe its space, what the two functions
 * among the options throw, and the reason of the signal.
 */
export async function* replaySuggestions<P extends Params>(
  options: ReplayOptions<P>,
): AsyncGenerator<ReplayedSuggestion<P>, void, undefined> {
  const { events, signal, program } = options;
  const fold = logFold<P>();
  const madeBy = configurationsIn(events);
  const makers = makersOf(options);
  const proposal = proposalsOfBatches<P>();
  const suggestions = suggestionsIn(events);
  const statesOfBatch = batchStates(suggestions);
  for (const { asked, event, prefix } of suggestions) {
    while (fold.state.length < prefix) {
      signal?.throwIfAborted();
      const next = events[fold.state.length]!;
      makers.see(next);
      fold.apply(next);
    }
    const recorded = madeBy(event);
    const { sampler, space, goal, description } = await makers.at(recorded);
    const plannedTrials = samplerOf(recorded)?.plannedTrials;
    const request = { space, sampler, goal, plannedTrials, fixed: asked.fixed as Partial<P>, signal };
    const state = { ...fold.state, trials: [...fold.state.trials], queue: queueAt(fold.state, asked) };
    const one = {
      ...request,
      claim: asked.claim,
      seed: state.created!.seed,
      replayed: statesOfBatch(asked, prefix),
    };
    const made = await attempt(() =>
      asked.batch ? proposal(state, one, { ...asked.batch, prefix }) : suggestion(state, one),
    );
    signal?.throwIfAborted();
    const suggested = 'made' in made && made.made.type === 'asked' ? (made.made.params as P) : undefined;
    const isEqual = suggested !== undefined && canonical(suggested) === canonical(asked.params);
    yield {
      number: asked.number,
      event,
      recorded: asked.params as P,
      ...(suggested !== undefined && { suggested }),
      ...(!isEqual && {
        cause: firstDifference({
          recorded,
          now: configurationOf({ sampler, plannedTrials, program }),
          asked,
          description,
          space: space as unknown as SearchSpace,
          error: 'error' in made ? made.error : undefined,
        }),
      }),
    };
  }
  for (const event of events.slice(fold.state.length)) fold.apply(event);
}

/** What waited in the queue: nothing that this suggestion passed over because of parameters that older logs do not have. */
function queueAt<P extends Params>({ queue }: StudyState<P>, asked: Asked): readonly Partial<P>[] {
  return asked.queued ? queue.filter((entry) => canonical(entry) === canonical(asked.given)) : [];
}

/** The `samplerState` of a suggestion, and of all others of its batch, which one call of the sampler made. */
function batchStates(suggestions: ReturnType<typeof suggestionsIn>) {
  const batches = new Map<string, ProgramState[]>();
  const keyOf = ({ batch }: Asked, prefix: number) => `${prefix} ${batch!.count}`;
  for (const { asked, prefix } of suggestions) {
    if (!asked.batch || !asked.samplerState) continue;
    const key = keyOf(asked, prefix);
    batches.set(key, [...(batches.get(key) ?? []), asked.samplerState]);
  }
  return (asked: Asked, prefix: number): readonly ProgramState[] => {
    if (asked.batch) return batches.get(keyOf(asked, prefix)) ?? [];
    return asked.samplerState ? [asked.samplerState] : [];
  };
}

/** A proposal of a batch, which is made once where several of it follow one another. */
function proposalsOfBatches<P extends Params>() {
  let last: { readonly key: readonly unknown[]; readonly made: Promise<SuggestionBatch> } | undefined;
  return async (
    state: StudyState<P>,
    request: SuggestionRequest<P>,
    { prefix, count, index }: NonNullable<Asked['batch']> & { readonly prefix: number },
  ): ReturnType<typeof suggestion> => {
    const { sampler } = request;
    const key = [prefix, count, sampler];
    if (!last?.key.every((part, i) => part === key[i]))
      last = { key, made: suggestionBatch(state, request, count) };
    const one = (await last.made).suggestions[index];
    if (!one) throw new UnsupportedError(`proposal ${index} of ${count}`, nameOf(sampler));
    return one;
  };
}

async function attempt<T>(work: () => Promise<T>): Promise<{ readonly made: T } | { readonly error: Error }> {
  try {
    return { made: await work() };
  } catch (error) {
    if (error instanceof OptimizationError) return { error };
    throw error;
  }
}

/** The events of suggestions with the number of events that their samplers saw, in order of this number. */
function suggestionsIn(events: readonly StudyEvent[]) {
  let trials = 0;
  const found: { readonly asked: Asked; readonly event: number; readonly prefix: number }[] = [];
  for (const [event, of] of events.entries()) {
    if (of.type !== 'asked' && of.type !== 'loaded') continue;
    if (of.number !== trials) continue; // given out again, or its lease renewed
    trials++;
    if (of.type === 'asked' && isSampled(of)) found.push({ asked: of, event, prefix: of.prefix ?? event });
  }
  return found.sort((a, b) => a.prefix - b.prefix);
}

/** A function from the position of a suggestion to the last `configured` before it. */
function configurationsIn(events: readonly StudyEvent[]): (event: number) => Configuration | undefined {
  const found = events.flatMap((event, at) => (event.type === 'configured' ? [{ at, event }] : []));
  return (at) => found.findLast((one) => one.at < at)?.event;
}

/** What the log says of the sampler. */
function samplerOf(configured: Configuration | undefined): ConfiguredSampler | undefined {
  const { sampler } = configured ?? {};
  return typeof sampler === 'object' && sampler !== null && !Array.isArray(sampler)
    ? (sampler as ConfiguredSampler)
    : undefined;
}

/** The space, the goal and the sampler as the log has come to them. */
function makersOf<P extends Params>({ space, sampler }: ReplayOptions<P>) {
  let goal: Goal | undefined;
  let description: SpaceDescription | undefined;
  /** What was made for this description, by the text of what is configured. */
  const made = new Map<string, { readonly space: SearchSpace<P>; readonly sampler: Sampler }>();
  const partsOf = async (configured: ConfiguredSampler | undefined) => {
    const of = typeof space === 'function' ? description && space(description, configured) : space;
    if (!of)
      throw new StorageError('the log does not describe the space of its suggestions: pass it as `space`');
    return { space: of, sampler: typeof sampler === 'function' ? await sampler(configured, of) : sampler };
  };
  return {
    see(event: StudyEvent): void {
      if (event.type !== 'created' && event.type !== 'edited') return;
      goal = event.goal ?? goal;
      if (!event.space) return;
      description = event.space;
      made.clear();
    },
    async at(configured: Configuration | undefined) {
      const text = canonical(configured?.sampler ?? null);
      const parts = made.get(text) ?? (await partsOf(samplerOf(configured)));
      made.set(text, parts);
      if (!goal) throw new StorageError('the log has a suggestion before it has a goal');
      return { goal, description, ...parts };
    },
  };
}
