import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { StorageError, type StudyEvent } from '@foothold/core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { fileStorage, optimize, replay } from '../index.ts';
import { objective, open } from '../study.fixture.ts';
import { eventFault } from './event-fault.ts';

const created = { type: 'created', goal: { direction: 'minimize' }, seed: 0 };
const asked = { type: 'asked', number: 0, params: { x: 1 }, lease: { owner: 'a' } };
const told = { type: 'told', number: 0, outcome: { state: 'complete', value: 1 } };

let root = '';
beforeAll(async () => {
  root = await mkdtemp(join(tmpdir(), 'foothold-fault-'));
});
afterAll(() => rm(root, { recursive: true, force: true }));

describe('a log that somebody edited', () => {
  it.each([
    [null, 'null is no event'],
    [[], '[] is no event'],
    [{ type: 'renamed' }, 'its type is unknown: "renamed"'],
    [{}, 'its type is unknown: missing'],
    [{ ...told, outcome: 5 }, 'outcome is 5'],
    [{ ...told, outcome: {} }, 'outcome: state is undefined'],
    [{ ...told, outcome: { state: 'complete', value: null } }, 'outcome: value is null'],
    [{ ...told, outcome: { state: 'complete', value: 'a' } }, 'outcome: value is "a"'],
    [{ ...told, outcome: { state: 'failed' } }, 'outcome: reason is undefined'],
    [{ ...told, outcome: { state: 'pruned', number: 3 } }, 'outcome.number is no part'],
    [{ ...told, number: -1 }, 'number is -1'],
    [{ ...told, number: '0' }, 'number is "0"'],
    [{ ...asked, params: 5 }, 'params is 5'],
    [{ ...asked, params: { x: {} } }, 'params.x is {}'],
    [{ ...asked, params: { x: [1] } }, 'params.x is [1]'],
    [{ ...asked, lease: undefined }, 'lease is missing'],
    [{ ...asked, lease: { owner: 3 } }, 'lease.owner is 3'],
    [{ ...asked, lease: { owner: 'a', until: 'x' } }, 'lease.until is "x"'],
    [{ ...asked, why: 1 }, 'why is 1'],
    [{ ...asked, batch: 3 }, 'batch is 3'],
    [{ ...asked, batch: { count: 2 } }, 'batch.index is missing'],
    [{ ...asked, batch: { count: 0.5, index: 0 } }, 'batch.count is 0.5'],
    [{ ...asked, batch: { count: 2, index: -1 } }, 'batch.index is -1'],
    [{ ...asked, batch: { count: 2, index: 2 } }, 'batch.index is 2, allowed is less than its count'],
    [{ type: 'loaded', number: 0, params: {}, outcome: null }, 'outcome is null'],
    [
      { type: 'loaded', number: 0, params: {}, outcome: { state: 'pruned' }, samplerState: 7 },
      'samplerState is 7',
    ],
    [{ type: 'enqueued' }, 'params is missing'],
    [{ type: 'reported', number: 0, step: 0.5, value: 1 }, 'step is 0.5'],
    [{ type: 'reported', number: 0, step: 0, value: null }, 'value is null'],
    [{ type: 'expired' }, 'number is missing'],
    [{ type: 'deleted', number: 0.5 }, 'number is 0.5'],
    [{ type: 'restored' }, 'number is missing'],
    [{ ...created, goal: { direction: 'up' } }, 'goal.direction is "up"'],
    [{ ...created, seed: null }, 'seed is null'],
  ])('is refused at %j', (event, fault) => {
    expect(eventFault(event)).toContain(fault);
    const first = (event as { type?: string } | null)?.type === 'created' ? [] : [created];
    expect(() => replay([...first, event] as StudyEvent[])).toThrow(StorageError);
    expect(() => replay([...first, event] as StudyEvent[])).toThrow(fault);
  });

  it.each([
    [/"outcome":\{[^}]*\}/, '"outcome":5', 'outcome is 5'],
    [/"value":[^,}]*/, '"value":null', 'outcome: value is null'],
    [/"params":\{[^}]*\}/, '"params":5', 'params is 5'],
    [/"events":\[\{"type":"told".*\]\}/, '"events":[null]}', 'null is no event'],
  ])('is refused with the file and the position when %s became %s', async (what, by, fault) => {
    const directory = await mkdtemp(join(root, 'study-'));
    const path = join(directory, 'study.jsonl');
    await optimize(open({ storage: fileStorage(directory) }), objective, { newTrials: 3 });
    // As earlier versions wrote it: without checksums.
    const text = (await readFile(path, 'utf8')).replaceAll(/,"sum":"\w+"\}/g, '}');
    const lines = text.split('\n');
    const before = lines.slice(
      0,
      lines.findIndex((line) => what.test(line)),
    );
    const counted = before.flatMap((line) => (JSON.parse(line) as { events: unknown[] }).events).length;
    // What the sampler is stands beside the first trial.
    const at = counted + (what.source.includes('params') ? 1 : 0);
    await writeFile(path, text.replace(what, by));
    const trials = open({ storage: fileStorage(directory) }).trials();
    await expect(trials).rejects.toMatchObject({ name: 'StorageError', retry: false });
    await expect(trials).rejects.toThrow(`${path}: event ${at} is none that a study writes: ${fault}`);
  });

  it('may begin with a byte order mark', async () => {
    const directory = join(root, 'mark');
    await mkdir(directory);
    const path = join(directory, 'study.jsonl');
    await optimize(open({ storage: fileStorage(directory) }), objective, { newTrials: 2 });
    const before = await fileStorage(directory).read('study', 0);
    await writeFile(path, `\ufeff${await readFile(path, 'utf8')}`);
    const storage = fileStorage(directory);
    expect(await storage.read('study', 0)).toEqual(before);
    expect(await storage.torn('study')).toEqual([]);
    await optimize(open({ storage }), objective, { newTrials: 1 });
    expect((await open({ storage: fileStorage(directory) }).trials()).length).toBe(3);
  });

  it.each(['', 'gone'])('is noticed when it was emptied or deleted while open (%j)', async (how) => {
    const directory = await mkdtemp(join(root, 'cut-'));
    const path = join(directory, 'study.jsonl');
    const study = open({ storage: fileStorage(directory) });
    await optimize(study, objective, { newTrials: 2 });
    const known = await study.trials();
    await (how === 'gone' ? rm(path) : writeFile(path, ''));
    const asking = study.ask();
    await expect(asking).rejects.toMatchObject({ name: 'StorageError', retry: false });
    await expect(asking).rejects.toThrow(
      'the log of 6 events that was read here is not in this file any more',
    );
    expect(await study.trials()).toEqual(known);
  });
});
