import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { inspect } from 'node:util';
import { InvalidArgumentError, type Storage } from '@foothold/core';
import { postgresForTests } from '@foothold/postgres-server/for-tests';
import { searchSpace, uniform } from '@foothold/space';
import { describeStorage } from '@foothold/testing';
import { afterAll, describe, expect, it } from 'vitest';
import { storageFrom } from './addressed-storage.ts';
import { createStudy, minimize, random, smallToLarge, storageOf } from './index.ts';

const folder = mkdtempSync(join(tmpdir(), 'foothold-addresses-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));
const postgres = postgresForTests();
let count = 0;

/** Each kind of address, of a new storage each time. */
const kinds: readonly [string, () => string][] = [
  ['a folder', () => join(folder, `${count++}`)],
  ['sqlite:', () => `sqlite:${join(folder, `${count++}.db`)}`],
  ['postgres://', postgres.newAddress],
];

describe.each(kinds)('the storage at %s', (kind, newAddress) => {
  const addresses = new Map<Storage, string>();
  const open = (address: string) => {
    const storage = storageFrom(address)!;
    addresses.set(storage, address);
    return storage;
  };
  describeStorage(
    kind,
    () => open(newAddress()),
    (storage) => open(addresses.get(storage)!),
  );

  it('keeps the study of minimize, createStudy and smallToLarge, which goes on by the same address', async () => {
    const storage = newAddress();
    const space = searchSpace({ x: uniform(-1, 1) });
    const options = { storage, name: 'kept', sampler: random(), seed: 4 } as const;
    const first = await minimize(({ x }) => x ** 2, space, { ...options, trials: 6 });
    const more = await minimize(({ x }) => x ** 2, space, { ...options, trials: 9 });
    expect(more.trials.slice(0, 6)).toEqual(first.trials);
    const study = createStudy({ ...options, space, direction: 'minimize' });
    expect((await study.best())?.value).toBe(more.value);
    const opened = storageOf(storage);
    expect((await opened.read('kept', 0)).length).toBe(1 + 9 * 2 + (await extraEvents(opened)));
    await smallToLarge({
      space,
      small: ({ x }) => x ** 2,
      large: ({ x }) => x ** 2 + 1,
      smallTrials: 2,
      largeTrials: 2,
      storage,
      name: 'carried',
    });
    for (const name of ['carried-small', 'carried-large'])
      expect((await opened.read(name, 0)).length).toBeGreaterThan(4);
    await opened.close?.();
  });
});

/** Events beside those that create the study, ask and tell. */
async function extraEvents(storage: Storage): Promise<number> {
  const events = await storage.read('kept', 0);
  return events.filter(({ type }) => !['created', 'asked', 'told'].includes(type)).length;
}

describe('storageOf', () => {
  it('refuses other addresses, and says what is allowed', () => {
    for (const address of ['', 'mysql://h/db', 'sqlite:///x.db', 'https://x', 'sqlite:', 'sqlite::memory:'])
      expect(() => storageOf(address), address).toThrow(InvalidArgumentError);
    expect(() => storageOf('sqlite:///studies.db')).toThrow('sqlite:studies.db');
  });

  it('opens and makes nothing before the first call', () => {
    const path = join(folder, 'untouched');
    for (const address of [path, `sqlite:${path}`, 'postgres://none.invalid/db']) storageOf(address);
    expect(existsSync(path)).toBe(false);
  });

  it('shows no password of a refused address', async () => {
    const secret = 'hunter2-s3cret';
    for (const address of [
      `postgres://me:${secret}@h/db`,
      `postgresql://h/db?password=${secret}`,
      `mysql://me:${secret}@h/db`,
    ]) {
      const space = searchSpace({ x: uniform(0, 1) });
      const error = await createStudy({ space, direction: 'minimize', storage: address })
        .ask()
        .then(
          () => undefined,
          (thrown: unknown) => thrown,
        );
      expect(error).toBeInstanceOf(InvalidArgumentError);
      expect(inspect(error, { depth: 9, showHidden: true })).not.toContain(secret);
    }
  });
});
