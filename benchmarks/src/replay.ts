/**
 * Parallel runs, made again from their logs: how many suggestions differ.
 *
 * `pnpm bench replay [--quick] [--seeds RUNS] [samplers…]`: 100 runs (`--quick`: 5), four evaluations at a time of random
 * durations; every second run has four workers with a study each on one storage, the others one study. Some evaluations
 * fail, some trials are enqueued in part, some asks fix a parameter. The sampler of the replay is a fresh one.
 */
import { type Params, type Sampler, type StudyEvent, seeded } from '@foothold/core';
import {
  autoSampler,
  categorical,
  createStudy,
  integer,
  memoryStorage,
  optimize,
  type ReplayedSuggestion,
  random,
  replaySuggestions,
  searchSpace,
  sobol,
  tpe,
  uniform,
} from 'foothold';
import type { BenchOptions } from './bench-options.ts';

const space = searchSpace({
  x: uniform(-1, 1),
  y: uniform(0, 2),
  n: integer(0, 9),
  c: categorical('a', 'b'),
});
const samplers: Readonly<Record<string, () => Sampler>> = {
  auto: () => autoSampler(),
  'trust-region': () => autoSampler({ searchScope: 'trust-region' }),
  tpe: () => tpe(),
  sobol: () => sobol(),
  random: () => random(),
};
const parallel = 4;

export async function replay({ quick, seeds, words, emit }: BenchOptions): Promise<void> {
  const runs = seeds ?? (quick ? 5 : 100);
  const trials = quick ? 16 : 24;
  const names = Object.keys(samplers).filter((name) => words.length === 0 || words.includes(name));
  let [suggestions, differing, besideOthers] = [0, 0, 0];
  for (let seed = 0; seed < runs; seed++) {
    // Most people use the default sampler: every second run does.
    const name = seed % 2 === 0 ? names[0]! : names[((seed + 1) / 2) % names.length]!;
    const workers = Math.floor(seed / 2) % 2 === 0 ? 1 : parallel;
    const events = await parallelRun(seed, { sampler: samplers[name]!, workers, trials });
    const all: ReplayedSuggestion[] = [];
    for await (const one of replaySuggestions({ events, space: space as never, sampler: samplers[name]!() }))
      all.push(one);
    const different = all.filter(({ cause }) => cause !== undefined);
    const prefixes = events.filter((event) => event.type === 'asked' && event.prefix !== undefined).length;
    suggestions += all.length;
    differing += different.length;
    besideOthers += prefixes;
    emit({
      seed,
      sampler: name,
      workers,
      suggestions: all.length,
      prefixes,
      differing: different.length,
      first: different[0]?.cause?.text ?? null,
    });
  }
  emit({ bench: 'replay', summary: { runs, parallel, suggestions, besideOthers, differing } });
}

/** The log of a run; each of its workers has a sampler of its own. */
async function parallelRun(
  seed: number,
  {
    sampler,
    workers,
    trials,
  }: { readonly sampler: () => Sampler; readonly workers: number; readonly trials: number },
): Promise<readonly StudyEvent[]> {
  const rng = seeded('replay').fork(seed);
  const pause = (most: number) =>
    new Promise<void>((done) => setTimeout(done, Math.round(most * rng.next())));
  /** The sampler, during whose work other workers append events. */
  const slowed = (own: Sampler): Sampler => ({
    ...own,
    async sample(request) {
      await pause(6);
      return own.sample(request);
    },
  });
  const storage = memoryStorage();
  const studies = Array.from({ length: workers }, (_, worker) =>
    createStudy<Params>({
      ...{ space: space as never, sampler: slowed(sampler()), direction: 'minimize', seed, storage, trials },
      lease: { owner: `worker ${worker}`, alive: () => true },
    }),
  );
  const [first] = studies as [(typeof studies)[number]];
  await first.enqueue({ n: 3 });
  const objective = async ({ x, y, n, c }: Params, { number }: { readonly number: number }) => {
    await pause(8);
    if (number % 11 === 10) throw new Error('diverged');
    return Number(x) ** 2 + Number(y) + Number(n) / 10 + (c === 'a' ? 1 : 0);
  };
  await Promise.all(
    studies.map((study) => optimize(study, objective, { trials, concurrency: parallel / workers })),
  );
  await first.ask({ fixed: { c: 'b' } });
  return first.log();
}
