import { type DeletedTrial, type StudyEvent, seeded } from '@foothold/core';
import { expect, it } from 'vitest';
import { randomLog } from '../random-log.fixture.ts';
import { countedTrials } from '../state/counted-trials.ts';
import { type LogFold, logFold } from '../state/replay.ts';
import type { LiveState } from '../state/study-state.ts';
import { tentativeEvents } from './tentative-events.ts';

/** Which trials run, and of whom, may stand in any order. */
const unordered = ['running', 'leases', 'lostLeases'];

/** All that a fold knows, in the order of its lists and other maps. */
function known({ state }: LogFold<never>) {
  const { reportAt, watch: _, trial: __, leaseIndex, outputLines, ...rest } = state as LiveState;
  const lists = Object.entries(rest).map(([name, value]) => [
    name,
    value instanceof Map || value instanceof Set ? entriesOf(name, value) : structuredClone(value),
  ]);
  const steps = Array.from({ length: 100 }, (_, step) => step);
  const reports = rest.trials.map(({ number }) => steps.map((step) => reportAt(number, step)));
  const outputs = rest.trials.map(({ number }) => outputLines(number));
  const { unleased, endless, overdue, of } = leaseIndex();
  const owners = new Set([...rest.leases.values()].map(({ owner }) => owner).sort());
  const index = {
    ...{ unleased: [...unleased].sort((a, b) => a - b), endless: [...endless].sort((a, b) => a - b) },
    ...{ overdue: [0, 100, 1000].map((now) => [...overdue(now)].sort((a, b) => a - b)) },
    ...{ ofOwners: [...owners].map((owner) => [...of(owner)].sort((a, b) => a - b)) },
  };
  return { lists, reports, outputs, index };
}

function entriesOf(name: string, value: Iterable<unknown>): unknown[] {
  const number = (entry: unknown) => Number(Array.isArray(entry) ? entry[0] : entry);
  return unordered.includes(name) ? [...value].sort((a, b) => number(a) - number(b)) : [...value];
}

const edit: StudyEvent = { type: 'edited', goal: { direction: 'minimize', repeat: true } };

it('are taken back without a trace, whatever they were, and come again as they were', async () => {
  const rng = seeded(3);
  for (let seed = 0; seed < 6; seed++) {
    const events = [...(await randomLog(seed, 90))];
    events.splice(Math.floor(events.length / 2), 0, edit);
    const fold = logFold<never>();
    const plain = logFold<never>();
    const heard: unknown[] = [];
    const hear = (trial: unknown, report?: unknown) => void heard.push([trial, report]);
    const watcher = { reported: hear, ended: hear, restarted: hear };
    fold.state.watch(watcher);
    for (let at = 0; at < events.length; ) {
      const before = known(fold);
      const heardBefore = heard.length;
      const count = 1 + Math.floor(12 * rng.next());
      const tentative = tentativeEvents(fold.silent);
      for (const event of events.slice(at, at + count)) tentative.apply([event]);
      tentative.undo();
      expect(known(fold), `seed ${seed}, event ${at}`).toEqual(before);
      expect(heard).toHaveLength(heardBefore);
      const taken = 1 + Math.floor(count * rng.next());
      for (const event of events.slice(at, at + taken)) {
        fold.apply(event);
        plain.apply(event);
      }
      at += taken;
      expect(known(fold)).toEqual(known(plain));
    }
    expect(heard.length).toBeGreaterThan(10);
  }
});

it('are refused whole, where one of them cannot follow, and those before stay', async () => {
  const events = await randomLog(1, 60);
  const fold = logFold<never>();
  for (const event of events.slice(0, 20)) fold.apply(event);
  const before = known(fold);
  const tentative = tentativeEvents(fold.silent);
  tentative.apply(events.slice(20, 30));
  const after = known(fold);
  const gap: StudyEvent = { type: 'told', number: 1000, outcome: { state: 'pruned' } };
  expect(() => tentative.apply([...events.slice(30, 34), gap])).toThrow('trial 1000 is not running');
  expect(known(fold)).toEqual(after);
  tentative.undo();
  expect(known(fold)).toEqual(before);
});

it('leave the reports of a trial that was seen with them', () => {
  const reported = (step: number, value: number): StudyEvent => ({
    type: 'reported',
    number: 0,
    step,
    value,
  });
  const fold = logFold<never>();
  fold.apply({ type: 'asked', number: 0, params: {}, lease: { owner: 'a' } });
  fold.apply(reported(0, 1));
  const tentative = tentativeEvents(fold.silent);
  tentative.apply([reported(1, 2)]);
  const seen = fold.state.trial(0)!;
  tentative.undo();
  fold.apply(reported(1, 3));
  expect(seen.reports.map(({ value }) => value)).toEqual([1, 2]);
  expect(fold.state.trial(0)!.reports.map(({ value }) => value)).toEqual([1, 3]);
});

it('cost as what they change: neither a long queue nor the reports before them are copied', () => {
  let copies = 0;
  class Counted extends Array<object> {
    override slice(...range: number[]): object[] {
      copies++;
      return [...this].slice(...range);
    }
  }
  const fold = logFold<never>({ queue: Counted.from([{ x: 1 }, { x: 2 }]) as never });
  fold.apply({ type: 'asked', number: 0, params: {}, lease: { owner: 'a' } });
  const { growing } = fold.silent.reports;
  for (let step = 0; step < 5; step++) fold.apply({ type: 'reported', number: 0, step, value: step });
  const { all } = growing.get(0)!;
  const tentative = tentativeEvents(fold.silent);
  tentative.apply([{ type: 'reported', number: 0, step: 5, value: 5 }]);
  const seen = [fold.state.trial(0)!];
  tentative.undo();
  expect(growing.get(0)!.all).toBe(all);
  tentative.apply([{ type: 'reported', number: 0, step: 6, value: 6 }]);
  seen.push(fold.state.trial(0)!);
  tentative.undo();
  fold.apply({ type: 'reported', number: 0, step: 7, value: 7 });
  expect([...seen, fold.state.trial(0)!].map(({ reports }) => reports.at(-1)!.step)).toEqual([5, 6, 7]);
  expect([copies, all.length]).toEqual([0, 6]);
  tentative.apply([{ type: 'dequeued', params: { x: 1 }, reason: 'none' }]);
  tentative.undo();
  expect(fold.state.queue.map(({ x }: { x?: number }) => x)).toEqual([1, 2]);
});

it('leave the newest output known', () => {
  const printed = (line: string): StudyEvent => ({ type: 'printed', number: 0, lines: [line] });
  const fold = logFold<never>();
  fold.apply({ type: 'asked', number: 0, params: {}, lease: { owner: 'a' } });
  fold.apply(printed('old'));
  const tentative = tentativeEvents(fold.silent);
  tentative.apply([printed('void')]);
  tentative.undo();
  expect(fold.state.outputLines(0)).toEqual(['old']);
});

it('restore many trials in as many steps', () => {
  let entries = 0;
  class Counted<V> extends Map<number, V> {
    override *[Symbol.iterator](): MapIterator<[number, V]> {
      for (const entry of super.entries()) {
        entries++;
        yield entry;
      }
    }
    override *keys(): MapIterator<number> {
      for (const key of super.keys()) {
        entries++;
        yield key;
      }
    }
  }
  const count = 500;
  const deleted = new Counted<DeletedTrial<never>>();
  for (let i = 0; i < count; i++) {
    const number = (i * 7) % count;
    deleted.set(number, { number, params: {} as never, reports: [], state: 'deleted' });
  }
  const order = [...deleted.keys()];
  const trials = countedTrials<never>([], deleted);
  entries = 0;
  const undo = trials.kept();
  for (const number of order)
    trials.restore({ number, params: {} as never, reports: [], state: 'complete', value: 1 });
  expect(trials.all.map(({ number }) => number)).toEqual(order.toSorted((a, b) => a - b));
  undo();
  expect(entries).toBeLessThanOrEqual(3 * count);
  expect([...deleted.keys()]).toEqual(order);
  expect(trials.all).toEqual([]);
});
