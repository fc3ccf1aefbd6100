import assert from 'node:assert/strict';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Rng, StorageError, type StudyEvent } from '@foothold/core';
import { createStudy, fileStorage, optimize } from '../index.ts';
import { objective, open, sampler, space } from '../study.fixture.ts';
import { damages } from './damaged-copies.fixture.ts';

/** A log of the file storage: what is in the file, and what it says. */
export interface WholeLog {
  readonly bytes: Buffer;
  readonly events: readonly StudyEvent[];
}

/**
 * What opening a damaged copy gives: it is refused, read alike, read up to a torn end that is said, or it was cut between two
 * lines, which nothing in a file tells.
 */
export type Opened = 'refused' | 'alike' | 'said' | 'shorter';

/** The log of a study of 30 trials, one at a time, with reports and failures. */
export async function wholeLog(): Promise<WholeLog> {
  return inFolder(async (directory) => {
    const study = open({ storage: fileStorage(directory) });
    await optimize(
      study,
      (params, { number }) => {
        if (number % 7 === 6) throw new Error(`néw — ${number} "✓"`);
        return objective(params);
      },
      { newTrials: 30 },
    );
    return { events: await study.log(), bytes: await readFile(join(directory, 'study.jsonl')) };
  });
}

/** Throws where a copy is read wrong in silence, where it is written to, or where anything but a StorageError comes. */
export function openDamaged(copy: Buffer, whole: WholeLog): Promise<Opened> {
  return inFolder(async (directory) => {
    const path = join(directory, 'study.jsonl');
    await writeFile(path, copy);
    let events: readonly StudyEvent[];
    try {
      events = await fileStorage(directory).read('study', 0);
    } catch (error) {
      if (!(error instanceof StorageError)) throw error;
      assert.equal(error.retry, false);
      const study = createStudy({ space, sampler, direction: 'minimize', storage: fileStorage(directory) });
      await assert.rejects(study.ask(), StorageError);
      const append = async () => fileStorage(directory).append('study', 0, whole.events.slice(0, 1));
      await assert.rejects(append, StorageError);
      assert.deepEqual(await readFile(path), copy);
      return 'refused';
    }
    assert.deepEqual(events, whole.events.slice(0, events.length));
    const torn = await fileStorage(directory).torn('study');
    if (events.length === whole.events.length) return 'alike';
    if (copy.equals(whole.bytes.subarray(0, copy.length)) && (copy.at(-1) ?? 10) === 10) return 'shorter';
    const last = torn.at(-1);
    assert.equal(last?.event, events.length);
    assert.equal(last.isNew, true);
    assert.deepEqual(await readFile(last.keptIn!), copy.subarray(last.offset, last.offset + last.bytes));
    return 'said';
  });
}

/** How many of so many copies, each damaged in one way, were opened how. Throws as `openDamaged`, with the copy's number. */
export async function openDamagedCopies(
  count: number,
  rng: Rng,
  whole: WholeLog,
): Promise<Readonly<Record<Opened, number>>> {
  const counts = { refused: 0, alike: 0, said: 0, shorter: 0 };
  for (let i = 0; i < count; i++) {
    const damage = damages[i % damages.length]!;
    try {
      counts[await openDamaged(damage.make(whole.bytes, rng), whole)]++;
    } catch (error) {
      throw new Error(`copy ${i}, ${damage.name}: ${error instanceof Error ? error.message : error}`, {
        cause: error,
      });
    }
  }
  return counts;
}

async function inFolder<T>(work: (directory: string) => Promise<T>): Promise<T> {
  const directory = await mkdtemp(join(tmpdir(), 'foothold-damaged-'));
  try {
    return await work(directory);
  } finally {
    await rm(directory, { recursive: true, force: true });
  }
}
