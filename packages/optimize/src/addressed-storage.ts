import type { Storage, StudyEvent } from '@foothold/core';
import { loadedOnce } from './loaded-once.ts';

/** A storage, or its address: a folder, `sqlite:FILE`, `postgres://user@host/database` (`storageOf`). */
export type StorageOrAddress = Storage | string;

const methods = [
  ...(['read', 'append', 'transact', 'torn', 'studies', 'remove', 'rename'] as const),
  ...(['readSnapshot', 'writeSnapshot', 'close'] as const),
];

/**
 * The storage itself; of an address one that loads the code for its kind when it is first called, so that a study in memory
 * does without it. What is wrong with an address is thrown by the first call.
 */
export function storageFrom(storage: StorageOrAddress | undefined): Storage | undefined {
  if (typeof storage !== 'string') return storage;
  const load = loadedOnce(async () => (await import('./storage-of.ts')).storageOf(storage));
  type Method = (...given: unknown[]) => unknown;
  const call =
    (name: (typeof methods)[number]) =>
    async (...given: unknown[]) =>
      ((await load())[name] as Method | undefined)?.(...given);
  return {
    ...(Object.fromEntries(methods.map((name) => [name, call(name)])) as unknown as Storage),
    async *watch(study: string, from: number, signal: AbortSignal): AsyncGenerator<readonly StudyEvent[]> {
      yield* (await load()).watch!(study, from, signal);
    },
  };
}
