import type { Storage, StudyEvent } from '@foothold/core';
import { describe, expect, it } from 'vitest';
import { describeStorageAbilities } from './describe-storage-abilities.ts';

const created: StudyEvent = { type: 'created', goal: { direction: 'minimize' }, seed: 7 };
const asked = (number: number): StudyEvent => ({
  type: 'asked',
  number,
  params: { lr: 0.1 + number, act: 'relu "µ"', on: true },
  lease: { owner: 'suite' },
});

/**
 * What every Storage must do, and what it must do where it has the optional abilities. `open` gives an empty storage each
 * time; `another`, where it is given, opens what a storage holds once more, as another process does. One line in a
 * storage's test file.
 */
export function describeStorage(
  name: string,
  open: () => Storage | Promise<Storage>,
  another?: (storage: Storage) => Storage | Promise<Storage>,
): void {
  describe(`${name} is a Storage`, () => {
    describeStorageAbilities(open, another);

    it('reads nothing from a study that does not exist', async () => {
      expect(await (await open()).read('none', 0)).toEqual([]);
    });

    it('returns events as they were appended, from any position', async () => {
      const storage = await open();
      expect(await storage.append('a', 0, [created, asked(0)])).toBe(true);
      expect(await storage.append('a', 2, [asked(1)])).toBe(true);
      const all = [created, asked(0), asked(1)];
      for (let from = 0; from <= 4; from++) expect(await storage.read('a', from)).toEqual(all.slice(from));
    });

    it('leaves out of a read none of as many events as it is asked for', async () => {
      const storage = await open();
      const all = [created, ...Array.from({ length: 9 }, (_, i) => asked(i))];
      await storage.append('a', 0, all.slice(0, 4));
      await storage.append('a', 4, all.slice(4));
      for (let from = 0; from <= 11; from++)
        for (const limit of [0, 1, 3, 20]) {
          const events = await storage.read('a', from, limit);
          expect(events, `${from}, ${limit}`).toEqual(all.slice(from, from + Math.max(limit, events.length)));
        }
      expect(await storage.read('a', 0)).toEqual(all);
      expect(await storage.append('a', 10, [asked(9)])).toBe(true);
    });

    it('refuses an append at another length than the log has, and writes nothing of it', async () => {
      const storage = await open();
      await storage.append('a', 0, [created]);
      expect(await storage.append('a', 0, [asked(0)])).toBe(false);
      expect(await storage.append('a', 2, [asked(0), asked(1)])).toBe(false);
      expect(await storage.read('a', 0)).toEqual([created]);
    });

    it('lets exactly one of many writers be first', async () => {
      const storage = await open();
      await storage.append('a', 0, [created]);
      const writers = Array.from({ length: 20 }, async (_, i) =>
        storage.append('a', 1, [asked(i), asked(i)]),
      );
      const first = await Promise.all(writers);
      expect(first.filter(Boolean).length).toBe(1);
      const winner = asked(first.indexOf(true));
      expect(await storage.read('a', 1)).toEqual([winner, winner]);
    });

    it('keeps studies separate, whatever their names', async () => {
      const storage = await open();
      const names = ['a', 'A b', 'a/b', '../a', 'ä', '%61', '__proto__'];
      for (const [i, study] of names.entries())
        expect(await storage.append(study, 0, [created, asked(i)]), study).toBe(true);
      for (const [i, study] of names.entries())
        expect(await storage.read(study, 1), study).toEqual([asked(i)]);
    });

    it('holds what it was given, also when the caller changes the array later', async () => {
      const storage = await open();
      const events = [created];
      await storage.append('a', 0, events);
      events.push(asked(0));
      expect(await storage.read('a', 0)).toEqual([created]);
    });

    it('keeps numbers to the last bit', async () => {
      const storage = await open();
      const values = [0.1 + 0.2, 5e-324, Number.MAX_VALUE, -1e-300, 2 ** 53 - 1];
      const told = values.map(
        (value, number): StudyEvent => ({
          type: 'told',
          number,
          outcome: { state: 'complete', value },
        }),
      );
      await storage.append('a', 0, [created, ...told]);
      expect(await storage.read('a', 1)).toEqual(told);
    });

    it('takes an empty append as a question about the length', async () => {
      const storage = await open();
      await storage.append('a', 0, [created]);
      expect(await storage.append('a', 1, [])).toBe(true);
      expect(await storage.append('a', 0, [])).toBe(false);
    });
  });
}
