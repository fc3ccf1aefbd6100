import { type Params, type Storage, type StudyEvent, seeded, type Trial } from '@foothold/core';
import { random } from '@foothold/samplers';
import { categorical, integer, logUniform, searchSpace, uniform } from '@foothold/space';
import { createStudy, type LocalStudy } from '@foothold/study';

/** The space of the measurements, as `studies-optuna.py` has it too. */
export const space = searchSpace({
  lr: logUniform(1e-5, 1),
  wd: uniform(0, 1),
  layers: integer(1, 8),
  act: categorical('relu', 'tanh'),
});

export const studyName = 'bench';

/** Milliseconds of a lease: longer than any measurement. */
const leaseMs = 3_600_000;

/** The study of the measurements in a storage: random sampler, clock and leases as the command has them. */
export function openStudy(storage: Storage, name = studyName): LocalStudy {
  return createStudy({
    ...{ space, sampler: random(), direction: 'minimize', storage, name, seed: 1 },
    clock: Date.now,
    lease: { ms: leaseMs },
  }) as unknown as LocalStudy;
}

export function objective(params: Params): number {
  return (Math.log10(params['lr'] as number) + 2) ** 2 + (params['wd'] as number);
}

/**
 * Adds finished trials until the study has so many, each with the two events of an ask and a tell; so many events an append.
 */
export async function grow(storage: Storage, count: number, eventsAtOnce: number): Promise<void> {
  const before = await openStudy(storage).trials();
  let { length } = await storage.read(studyName, 0);
  const rng = seeded(2);
  let events: StudyEvent[] = [];
  const flush = async () => {
    if (!(await storage.append(studyName, length, events))) throw new Error(`no append at ${length}`);
    length += events.length;
    events = [];
  };
  for (let number = before.length; number < count; number++) {
    const params = space.decode(Float64Array.from(space.columns, () => rng.next()));
    const at = Date.now();
    const lease = { owner: 'host:12345:boot:namespace:1234567', until: at };
    const outcome = { state: 'complete', value: objective(params) } as const;
    for (const event of [
      { at, type: 'asked', number, params, lease },
      { at, type: 'told', number, outcome },
    ] as const)
      if (events.push(event) >= eventsAtOnce) await flush();
  }
  if (events.length > 0) await flush();
}

/** What is wrong with the trials of several processes: numbers, states, points given twice. Empty where nothing is. */
export function faultsOf(trials: readonly Trial[], count: number): readonly string[] {
  const faults: string[] = [];
  if (trials.length !== count) faults.push(`${trials.length} trials of ${count}`);
  if (trials.some((trial, i) => trial.number !== i)) faults.push('numbers with a gap');
  const open = trials.filter(({ state }) => state !== 'complete').length;
  if (open > 0) faults.push(`${open} trials are not complete`);
  const wrong = trials.filter((t) => t.state === 'complete' && t.value !== objective(t.params)).length;
  if (wrong > 0) faults.push(`${wrong} values of other trials`);
  const points = new Set(trials.map(({ params }) => JSON.stringify(params))).size;
  if (points < trials.length) faults.push(`${trials.length - points} points given twice`);
  return faults;
}
