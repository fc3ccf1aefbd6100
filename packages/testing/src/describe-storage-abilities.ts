import { type Storage, StorageError, type StudyEvent, StudyReplacedError } from '@foothold/core';
import { describe, expect, it, type TestContext } from 'vitest';

const created: StudyEvent = { type: 'created', goal: { direction: 'minimize' }, seed: 7 };
const enqueued = (x: number): StudyEvent => ({ type: 'enqueued', params: { x } });

type Ability = 'transact' | 'studies' | 'remove' | 'rename' | 'watch' | 'readSnapshot' | 'writeSnapshot';
type With<A extends Ability> = Storage & Required<Pick<Storage, A>>;
type Open = () => Storage | Promise<Storage>;
type Another = (storage: Storage) => Storage | Promise<Storage>;

/** The storage, where it has these abilities; else the test is skipped and its report says which are missing. */
async function having<A extends Ability>(
  context: TestContext,
  open: Open,
  abilities: readonly A[],
): Promise<With<A>> {
  const storage = await open();
  const missing = abilities.filter((ability) => !storage[ability]);
  if (missing.length > 0) context.skip(`the storage has no ${missing.join(', ')}`);
  return storage as With<A>;
}

/** What a Storage must do where it lists, removes, renames and watches studies and keeps snapshots. Part of `describeStorage`. */
export function describeStorageAbilities(open: Open, another: Another | undefined): void {
  describe('appending in turn', () => describeTransact(open, another));
  describe('listing, removing and renaming', () => describeNames(open, another));
  describe('watching', () => describeWatch(open, another));
  describe('snapshots', () => describeSnapshots(open, another));
}

function describeTransact(open: Open, another: Another | undefined): void {
  it('appends what the plan makes of the events that it does not know, behind the last of them', async (context) => {
    const storage = await having(context, open, ['transact']);
    const seen: StudyEvent[] = [];
    const plan = (events: readonly StudyEvent[]) => (newer: readonly StudyEvent[]) => {
      seen.push(...newer);
      return events;
    };
    await storage.transact('a', 0, plan([created, enqueued(1)]));
    expect(seen).toEqual([]);
    await storage.transact('a', 2, plan([enqueued(2)]));
    expect(seen).toEqual([]);
    await (await (another?.(storage) ?? storage)).append('a', 3, [enqueued(3)]);
    await storage.transact('a', 3, plan([enqueued(4)]));
    expect(seen).toEqual([enqueued(3)]);
    await storage.transact('a', 4, plan([]));
    expect(seen).toEqual([enqueued(3), enqueued(4)]);
    await storage.transact('none', 0, plan([]));
    expect(await storage.read('a', 0)).toEqual([created, ...[1, 2, 3, 4].map(enqueued)]);
    expect(await storage.read('none', 0)).toEqual([]);
  });

  it('rejects with what the plan throws of the newest events, writes nothing, and goes on', async (context) => {
    const storage = await having(context, open, ['transact']);
    const writer = another ? await another(storage) : storage;
    await storage.append('a', 0, [created]);
    await writer.append('a', 1, [enqueued(1)]);
    let length = 1;
    const refusing = (newer: readonly StudyEvent[]): never => {
      length += newer.length;
      throw new RangeError(`after ${length}`);
    };
    await expect(async () => storage.transact('a', length, refusing)).rejects.toThrow(
      new RangeError('after 2'),
    );
    // The same where it waits for its turn.
    await expect(async () => storage.transact('a', length, refusing)).rejects.toThrow(RangeError);
    expect(await storage.read('a', 0)).toEqual([created, enqueued(1)]);
    await storage.transact('a', 2, () => [enqueued(2)]);
    expect(await storage.read('a', 0)).toEqual([created, enqueued(1), enqueued(2)]);
  });

  it('gives every writer its turn, on a prefix of the log that has all that came before', async (context) => {
    const storage = await having(context, open, ['transact']);
    await storage.append('a', 0, [created]);
    const [writers, turns] = [4, 12];
    const write = async (from: Storage, writer: number) => {
      const log: StudyEvent[] = [created];
      for (let turn = 0; turn < turns; turn++) {
        let own: readonly StudyEvent[] = [];
        await from.transact!('a', log.length, (newer) => {
          log.push(...newer);
          own = [enqueued(log.length), enqueued(-writer)];
          return own;
        });
        log.push(...own);
      }
    };
    const all = Array.from({ length: writers }, async (_, i) =>
      write((await another?.(storage)) ?? storage, i),
    );
    await Promise.all(all);
    const events = await storage.read('a', 1);
    const values = events.map((event) => event.type === 'enqueued' && event.params['x']);
    expect(values.filter((_, i) => i % 2 === 0)).toEqual(
      Array.from({ length: writers * turns }, (_, i) => 2 * i + 1),
    );
    for (let writer = 0; writer < writers; writer++)
      expect(values.filter((x, i) => i % 2 === 1 && x === -writer).length).toBe(turns);
  });
}

function describeNames(open: Open, another: Another | undefined): void {
  it('names the studies that it holds, sorted, whatever their names', async (context) => {
    const storage = await having(context, open, ['studies']);
    expect(await storage.studies()).toEqual([]);
    const names = ['b', 'a', 'A b', 'a/b', '../a', 'ä', '%61', '__proto__', 'a.jsonl'];
    for (const study of names) await storage.append(study, 0, [created]);
    await storage.read('none', 0);
    await storage.append('nothing', 0, []);
    expect(await storage.studies()).toEqual(names.sort());
    if (another) expect(await (await another(storage)).studies?.()).toEqual(names);
  });

  it('removes a study and nothing else, and its name is free again', async (context) => {
    const storage = await having(context, open, ['remove']);
    await storage.append('a', 0, [created, enqueued(1)]);
    await storage.append('b', 0, [created, enqueued(2)]);
    expect(await storage.remove('a')).toBe(true);
    expect(await storage.remove('a')).toBe(false);
    expect(await storage.read('a', 0)).toEqual([]);
    expect(await storage.read('b', 0)).toEqual([created, enqueued(2)]);
    expect((await storage.studies?.()) ?? ['b']).toEqual(['b']);
    expect(await storage.append('a', 0, [enqueued(3)])).toBe(true);
    expect(await storage.read('a', 0)).toEqual([enqueued(3)]);
  });

  it('renames a study with all its events, which goes on under the other name', async (context) => {
    const storage = await having(context, open, ['rename']);
    await storage.append('a', 0, [created, enqueued(1)]);
    await storage.rename('a', 'c d');
    expect(await storage.read('a', 0)).toEqual([]);
    expect(await storage.append('c d', 2, [enqueued(2)])).toBe(true);
    const reader = another ? await another(storage) : storage;
    expect(await reader.read('c d', 0)).toEqual([created, enqueued(1), enqueued(2)]);
    expect((await storage.studies?.()) ?? ['c d']).toEqual(['c d']);
  });

  it('refuses to rename what is not there, or to a name that is taken, and changes nothing', async (context) => {
    const storage = await having(context, open, ['rename']);
    await storage.append('a', 0, [created, enqueued(1)]);
    await storage.append('b', 0, [created]);
    await expect(async () => storage.rename('none', 'c')).rejects.toThrow(StorageError);
    await expect(async () => storage.rename('a', 'b')).rejects.toThrow(StorageError);
    expect(await storage.read('a', 0)).toEqual([created, enqueued(1)]);
    expect(await storage.read('b', 0)).toEqual([created]);
    expect(await storage.read('c', 0)).toEqual([]);
  });

  it('takes no event from a writer whose study was removed or renamed by another', async (context) => {
    const storage = await having(context, open, ['remove', 'rename']);
    if (!another) return context.skip('the suite was given no second opening of the storage');
    const writer = await another(storage);
    for (const change of ['remove', 'rename'] as const) {
      await storage.append('a', 0, [created, enqueued(1)]);
      expect((await writer.read('a', 0)).length).toBe(2);
      await (change === 'remove' ? storage.remove('a') : storage.rename('a', 'b'));
      const taken = await Promise.resolve()
        .then(() => writer.append('a', 2, [enqueued(2)]))
        .catch((error: unknown) => error);
      if (taken !== false) expect(taken).toBeInstanceOf(StorageError);
      if (writer.transact)
        await expect(async () => writer.transact!('a', 2, () => [enqueued(2)])).rejects.toThrow(StorageError);
      expect(await storage.read('a', 0)).toEqual([]);
    }
    expect(await storage.read('b', 0)).toEqual([created, enqueued(1)]);
  });
}

function describeWatch(open: Open, another: Another | undefined): void {
  it('tells the events that are there and those that come, each once, and ends when the signal aborts', async (context) => {
    const storage = await having(context, open, ['watch']);
    const writer = another ? await another(storage) : storage;
    await writer.append('a', 0, [created, enqueued(1)]);
    const end = new AbortController();
    const seen: StudyEvent[] = [];
    for await (const events of storage.watch('a', 1, end.signal)) {
      expect(events.length).toBeGreaterThan(0);
      seen.push(...events);
      if (seen.length >= 4) end.abort();
      else expect(await writer.append('a', seen.length + 1, [enqueued(seen.length + 1)])).toBe(true);
    }
    expect(seen).toEqual([1, 2, 3, 4].map(enqueued));
  });

  it('ends with an error where the study is removed or renamed, at whatever position it stands', async (context) => {
    const storage = await having(context, open, ['watch', 'remove', 'rename']);
    const changes = [() => storage.remove('a'), () => storage.rename('a', 'b')];
    for (const change of changes)
      for (const from of [0, 1, 2]) {
        await storage.append('a', 0, [created, enqueued(1)]);
        const watching = storage.watch('a', from, new AbortController().signal)[Symbol.asyncIterator]();
        if (from < 2) await watching.next();
        const end = expect(watching.next()).rejects.toBeInstanceOf(StudyReplacedError);
        await change();
        await end;
        await storage.remove('b');
      }
  });

  it('waits for a study that does not exist yet, and tells nothing after an abort', async (context) => {
    const storage = await having(context, open, ['watch']);
    const end = new AbortController();
    const first = storage.watch('a', 0, end.signal)[Symbol.asyncIterator]();
    const next = first.next();
    await storage.append('a', 0, [created]);
    expect(await next).toMatchObject({ value: [created] });
    const idle = first.next();
    end.abort();
    expect(await idle).toMatchObject({ done: true });
    for await (const events of storage.watch('a', 0, end.signal)) expect.fail(`told ${events.length} events`);
  });
}

function describeSnapshots(open: Open, another: Another | undefined): void {
  const snapshots = ['readSnapshot', 'writeSnapshot'] as const;
  const state = JSON.stringify({ text: 'é—✓ \n "quoted"', number: 1 / 3 });

  it('gives back the last snapshot of the log as it is, also when it has grown since', async (context) => {
    const storage = await having(context, open, snapshots);
    expect(await storage.readSnapshot('a')).toBeUndefined();
    await storage.append('a', 0, [created, enqueued(1)]);
    expect(await storage.readSnapshot('a')).toBeUndefined();
    await storage.writeSnapshot('a', { length: 2, state });
    const reader = (await (another?.(storage) ?? storage)) as typeof storage;
    expect(await reader.readSnapshot('a')).toEqual({ length: 2, state });
    await storage.append('a', 2, [enqueued(2)]);
    expect(await reader.readSnapshot('a')).toEqual({ length: 2, state });
    expect(await reader.read('a', 2)).toEqual([enqueued(2)]);
    expect(await reader.read('a', 0)).toEqual([created, enqueued(1), enqueued(2)]);
    await storage.writeSnapshot('a', { length: 3, state: '' });
    expect(await reader.readSnapshot('a')).toEqual({ length: 3, state: '' });
    expect(await reader.readSnapshot('b')).toBeUndefined();
  });

  it('appends after a snapshot as before it', async (context) => {
    const storage = await having(context, open, snapshots);
    await storage.append('a', 0, [created, enqueued(1)]);
    await storage.writeSnapshot('a', { length: 2, state });
    const writer = (await (another?.(storage) ?? storage)) as typeof storage;
    await writer.readSnapshot('a');
    expect(await writer.append('a', 1, [enqueued(5)])).toBe(false);
    expect(await writer.append('a', 2, [enqueued(2)])).toBe(true);
    expect(await storage.read('a', 0)).toEqual([created, enqueued(1), enqueued(2)]);
  });

  it('keeps a snapshot with a renamed study, and none with a removed one', async (context) => {
    const storage = await having(context, open, [...snapshots, 'remove', 'rename']);
    await storage.append('a', 0, [created, enqueued(1)]);
    await storage.writeSnapshot('a', { length: 2, state });
    await storage.rename('a', 'b');
    expect(await storage.readSnapshot('a')).toBeUndefined();
    expect(await storage.readSnapshot('b')).toEqual({ length: 2, state });
    await storage.remove('b');
    await storage.append('b', 0, [created, enqueued(9)]);
    expect(await storage.readSnapshot('b')).toBeUndefined();
  });
}
