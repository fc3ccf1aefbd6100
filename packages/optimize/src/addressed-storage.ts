import { type Storage, UnsupportedError } from '@foothold/core';

/** A storage, or its address: a folder, `sqlite:FILE`, `postgres://user@host/database` (`storageOf`). */
export type StorageOrAddress = Storage | string;

/**
 * The storage itself; of an address one that loads the code for its kind when it is first called, so that a study in memory
 * does without it. What is wrong with an address is thrown by the first call.
 */
export function storageFrom(storage: StorageOrAddress | undefined): Storage | undefined {
  if (typeof storage !== 'string') return storage;
  let loaded: Promise<Storage> | undefined;
  const load = () => {
    loaded ??= import('./storage-of.ts').then(({ storageOf }) => storageOf(storage));
    return loaded;
  };
  const lacks = (ability: string) => new UnsupportedError(ability, storage);
  return {
    read: async (study, from) => (await load()).read(study, from),
    append: async (study, at, events) => (await load()).append(study, at, events),
    torn: async (study) => (await (await load()).torn?.(study)) ?? [],
    studies: async () => {
      const opened = await load();
      if (!opened.studies) throw lacks('a list of its studies');
      return opened.studies();
    },
    remove: async (study) => {
      const opened = await load();
      if (!opened.remove) throw lacks('removing a study');
      return opened.remove(study);
    },
    rename: async (study, to) => {
      const opened = await load();
      if (!opened.rename) throw lacks('renaming a study');
      return opened.rename(study, to);
    },
    async *watch(study, from, signal) {
      const opened = await load();
      if (!opened.watch) throw lacks('watching a study');
      yield* opened.watch(study, from, signal);
    },
    readSnapshot: async (study) => (await load()).readSnapshot?.(study),
    writeSnapshot: async (study, snapshot) => (await load()).writeSnapshot?.(study, snapshot),
    close: async () => (await loaded)?.close?.(),
  };
}
